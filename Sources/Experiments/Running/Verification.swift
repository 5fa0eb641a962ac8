import Planning
import Results
import ScoreMatching

/// Runs some trials of a results file again and compares what they give, bit for bit.
public struct Verification: Sendable {
  /// A trial that was run again.
  public struct Comparison: Sendable {
    /// What the file has of it.
    public var stored: TrialRecord
    /// What it gave now.
    public var repeated: TrialRecord
    /// In what the two differ, the file's first; empty where every bit is the same.
    public var differences: [RecordDifference]
  }

  private let plan: Plan
  private let store: ResultsStore
  private let files: DataFiles
  private let jobs: Int

  /// The verification of a store's trials.
  ///
  /// - Parameters:
  ///   - plan: that of the store's own experiment.
  ///   - files: where data files are found.
  ///   - jobs: trials under way at once.
  public init(of store: ResultsStore, plan: Plan, files: DataFiles, jobs: Int = Cores.available) {
    self.plan = plan
    self.store = store
    self.files = files
    self.jobs = jobs
  }

  /// Runs trials again.
  ///
  /// They are spread over losses and architectures, the cheapest of each first. Trials that ended by a
  /// limit of time or memory, or could not be run, are left out: what they give depends on the machine.
  ///
  /// - Parameters:
  ///   - count: how many, at most.
  ///   - isStopped: asked often; true ends it with the trials compared so far.
  ///   - report: told of each comparison, from any thread, one at a time.
  /// - Returns: the comparisons in the order of the plan.
  /// - Throws: ``MissingDataFile``, or ``ResultsError`` where the file cannot be read.
  public func run(
    trials count: Int, isStopped: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable (Comparison) -> Void = { _ in }
  ) throws -> [Comparison] {
    let loaded = try store.load(.summary)
    var records: [TrialID: TrialRecord] = [:]  // looked up only
    for record in loaded.records where [.completed, .diverged].contains(record.outcome.status) {
      if let id = TrialID(record.id) { records[id] = record }
    }
    let trials = plan.trials.filter { records[$0.id] != nil }
    let workers = ParallelRunner(jobs: jobs)
    let runner = TrialRunner(
      plan: plan, files: files, limits: TrialRunner.Limits(isStopped: isStopped),
      idleCores: workers.idleCores)
    let groups = TrialDemands(runner)
      .groups(of: trials, jobs: jobs, sample: TrialDemands.sampleSize)
    let demands = groups.group.map { groups.demands[$0] }
    let kinds = trials.map { trial in
      "\(trial.settings.text("loss.type")) \(records[trial.id]?.architecture ?? "")"
    }
    let chosen = Self.sample(count, kinds: kinds, costs: demands.map(\.operations))
    try Sweep.checkDataFiles(of: chosen.map { trials[$0] }, files)
    let stored = try store.load(.everything, only: chosen.map { trials[$0].id.description }).records
    let items = zip(chosen, stored).map { (place: $0, record: $1) }
    let free = Memory.available(threads: jobs)
    let found = Locked<[(place: Int, comparison: Comparison)]>([])
    try workers.run(
      items, budget: Sweep.memoryBudget(jobs: jobs), weight: { demands[$0.place].bytes },
      work: { runner.run(trials[$0.place], taking: demands[$0.place].bytes, of: free) },
      deliver: { item, repeated in
        let comparison = Comparison(
          stored: item.record, repeated: repeated,
          differences: item.record.differences(from: repeated))
        found.withLock { $0.append((item.place, comparison)) }
        report(comparison)
      }, isStopped: isStopped)
    return found.withLock { $0 }.sorted { $0.place < $1.place }.map(\.comparison)
  }

  /// Chooses trials: one of each kind in turn, the cheapest that is left; of more kinds than trials,
  /// evenly spaced ones.
  ///
  /// - Returns: places, ascending.
  static func sample(_ count: Int, kinds: [String], costs: [Double]) -> [Int] {
    var numbers: [String: Int] = [:]  // looked up only
    var members: [[Int]] = []
    for (place, kind) in kinds.enumerated() {
      let number = numbers[kind] ?? members.count
      if number == members.count {
        numbers[kind] = number
        members.append([])
      }
      members[number].append(place)
    }
    members = members.map { $0.sorted { (costs[$0], $0) < (costs[$1], $1) } }
    if count < members.count {
      members = (0..<max(count, 0)).map { members[(2 * $0 + 1) * members.count / (2 * count)] }
    }
    var chosen: [Int] = []
    var turn = 0
    while chosen.count < count, members.contains(where: { $0.count > turn }) {
      chosen += members.filter { $0.count > turn }.map { $0[turn] }
      turn += 1
    }
    return chosen.prefix(count).sorted()
  }
}
