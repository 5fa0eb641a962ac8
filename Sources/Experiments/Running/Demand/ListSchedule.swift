/// Tasks handed out in their order, each to the worker that is free first.
enum ListSchedule {
  /// When the last task ends.
  ///
  /// - Parameters:
  ///   - tasks: in the order that they start, equal ones together.
  ///   - workers: how many work at once, at least 1.
  /// - Complexity: the logarithm of the workers a task.
  static func end(of tasks: [(seconds: Double, count: Int)], workers: Int) -> Double {
    precondition(workers > 0, "schedule: \(workers) workers")
    let count = tasks.reduce(0) { $0 + $1.count }
    // A heap of the times at which workers are free, the earliest first.
    var free = [Double](repeating: 0, count: min(workers, max(count, 1)))
    var end = 0.0
    for task in tasks {
      for _ in 0..<task.count {
        let time = free[0] + task.seconds
        end = max(end, time)
        free.sink(time)
      }
    }
    return end
  }
}

extension [Double] {
  /// Puts a number in the place of a heap's least.
  fileprivate mutating func sink(_ number: Double) {
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < count else { break }
      if child + 1 < count, self[child + 1] < self[child] { child += 1 }
      guard self[child] < number else { break }
      self[place] = self[child]
      place = child
    }
    self[place] = number
  }
}
