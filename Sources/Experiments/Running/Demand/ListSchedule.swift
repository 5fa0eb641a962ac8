/// Tasks handed out in their order, each to the worker that is free first; a worker without a task
/// lends its core to those that can use several.
struct ListSchedule {
  /// Tasks that are alike.
  struct Tasks {
    /// What one takes on one core.
    var seconds: Double
    /// How many they are.
    var count: Int
    /// Cores that one can use.
    var cores = 1
  }

  /// Tasks under way at once, at least 1.
  let workers: Int
  /// Cores without a worker, which are lent from the start of the last task on.
  var spareCores = 0

  /// What a core that is lent adds to the one that a task has: its part of a step ends sooner or
  /// later than the others.
  static let partOfLentCore = 0.85

  /// When the last task ends.
  ///
  /// - Parameter tasks: in the order that they start.
  /// - Complexity: the logarithm of the workers a task, and their square in the end.
  func end(of tasks: [Tasks]) -> Double {
    precondition(workers > 0, "schedule: \(workers) workers")
    let count = tasks.reduce(0) { $0 + $1.count }
    guard count > 0 else { return 0 }
    // A heap of the times at which workers are free, the earliest first.
    var running = [Running](repeating: Running(end: 0, cores: 1), count: min(workers, count))
    var lastStart = 0.0
    for task in tasks {
      for _ in 0..<task.count {
        lastStart = running[0].end
        running.sink(Running(end: lastStart + task.seconds, cores: task.cores))
      }
    }
    return lastStart + end(of: running, after: lastStart)
  }

  /// The time that tasks under way take from a moment on, when none is left to be started.
  private func end(of running: [Running], after start: Double) -> Double {
    var left = running.filter { $0.end > start }
      .map { (seconds: $0.end - start, cores: $0.cores) }
      .sorted { $0.seconds > $1.seconds }
    var now = 0.0
    while !left.isEmpty {
      // The longest is helped first.
      var idle = spareCores + workers - left.count
      let speeds = left.map { task in
        let lent = min(idle, task.cores - 1)
        idle -= lent
        return 1 + Self.partOfLentCore * Double(lent)
      }
      let step = zip(left, speeds).reduce(.infinity) { min($0, $1.0.seconds / $1.1) }
      now += step
      for place in left.indices { left[place].seconds -= step * speeds[place] }
      left.removeAll { $0.seconds <= 1e-9 * now }
    }
    return now
  }

  fileprivate struct Running {
    var end: Double
    var cores: Int
  }
}

extension [ListSchedule.Running] {
  /// Puts another in the place of a heap's first.
  fileprivate mutating func sink(_ task: ListSchedule.Running) {
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < count else { break }
      if child + 1 < count, self[child + 1].end < self[child].end { child += 1 }
      guard self[child].end < task.end else { break }
      self[place] = self[child]
      place = child
    }
    self[place] = task
  }
}
