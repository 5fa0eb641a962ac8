import CCrash
import Foundation
import Planning
import Results
import ScoreMatching
import Settings
import Synchronization

/// Runs the trials of a plan that are not done, and keeps what they produce.
public struct Sweep: Sendable {
  /// What may be chosen for one run; none of it changes a trial's numbers.
  public struct Options: Sendable {
    /// Trials under way at once, where memory allows.
    public var jobs = Cores.available
    /// Bytes that the trials under way may take together; nil for nine tenths of what there is.
    public var memoryBytes: Int?
    /// Run again what ended in a failure.
    public var retryFailed = false
    /// Start nothing new after so many failures; nil for no limit.
    public var maxFailures: Int?
    /// Let a signal that ends the process say so in the journal; one run of a process at a time.
    public var notesCrashes = false
    /// Wall-clock seconds for one trial; nil for no limit.
    public var trialSeconds: Double?
    /// Leave finished trials that the experiment no longer has out of the results file.
    public var dropsStale = false
    /// The least wall-clock seconds between two checkpoints of a trial, from which it goes on where it was.
    public var checkpointSeconds = 60.0
    /// Asked often; true stops the run so that it can be resumed.
    public var isStopped: @Sendable () -> Bool = { false }

    /// All cores, no limit, failures kept.
    public init() {}
  }

  /// What is to be run.
  public let plan: Plan
  /// What the results file is about: ``plan``, or the whole of which it is a selection.
  public let whole: Plan
  /// Where results are kept.
  public let store: ResultsStore
  /// Where data files are found.
  public let files: DataFiles
  /// How it is run.
  public let options: Options
  /// Facts for the results file: version, commit, machine.
  public let provenance: [(name: String, value: String)]

  /// A run of a plan, or of a selection of a whole, into a store.
  public init(
    plan: Plan, of whole: Plan? = nil, store: ResultsStore, files: DataFiles,
    options: Options = Options(),
    provenance: [(name: String, value: String)] = []
  ) {
    self.plan = plan
    self.whole = whole ?? plan
    self.store = store
    self.files = files
    self.options = options
    self.provenance = provenance
  }

  /// Runs what is left, seals results as they come, and merges them into the results file when none
  /// is left.
  ///
  /// Longest trials go first, so that no core waits for the last one alone. A trial starts when the
  /// memory that it will take is there beside that of the others under way.
  ///
  /// - Parameter report: told what happens, from any thread, one event at a time.
  /// - Throws: ``MissingDataFile`` before anything is run; ``ResultsError`` where results cannot be
  ///   kept: finished trials stay sealed.
  public func run(
    report: @escaping @Sendable (SweepEvent) -> Void = { _ in }
  ) throws -> SweepSummary {
    try Self.checkDataFiles(of: plan.trials, files)
    try store.lock()
    let workers = ParallelRunner(jobs: options.jobs)
    let left = try store.checkpoints.ids()
    let runner = TrialRunner(
      plan: plan, files: files,
      limits: TrialRunner.Limits(seconds: options.trialSeconds, isStopped: options.isStopped),
      idleCores: workers.idleCores, checkpoints: keeper(of: left, report))
    let loaded = try store.load(.summary)
    for segment in loaded.corruptSegments {
      report(.corruptSegment(path: segment.path, reason: segment.reason))
    }
    let standing = SweepStanding(of: plan.trials, in: loaded.records, runner)
    for case .completed(let record) in standing.states {
      // Killed between sealing the record and forgetting the way there.
      let id = loaded.records[record].id
      if left.contains(id) { store.checkpoints.remove(id) }
    }
    let journal = try store.journal(memoryKills: CgroupLimits(.process).memoryKills)
    if options.notesCrashes { ccrash_note_in(journal.descriptor) }
    defer { if options.notesCrashes { ccrash_note_in(-1) } }
    let items = SweepItems(plan, standing, loaded.records, runner, options, journal.crashes)
    var summary = SweepSummary(standing, retryFailed: options.retryFailed)
    let planned = Set(whole.trials.map(\.id.description))  // membership only
    let stale = loaded.records.count { !planned.contains($0.id) }
    if stale > 0 { report(.stale(count: stale, isDropped: options.dropsStale)) }
    report(
      .started(
        toRun: items.trainedCount, toMeasure: items.measuredCount, done: summary.alreadyDone,
        operations: items.operations))
    Memory.returnFreedBlocks()
    let free = Memory.available(threads: options.jobs)
    let budget = options.memoryBytes ?? Self.memoryBudget(jobs: options.jobs)
    if let bound = MemoryBound(items.all.map(\.demand.bytes), budget: budget, jobs: options.jobs) {
      report(.memoryBound(bound))
    }

    let stored = StoredRecords(store, items.recordsToMeasure)
    let sealer = Sealer(store: store)
    let counts = Mutex((summary: summary, failures: 0))
    let (isStopped, mostFailures) = (options.isStopped, options.maxFailures ?? .max)
    let work: @Sendable (SweepItems.Item) -> TrialRecord? = { item in
      if let crash = item.crash, crash.count >= Self.crashLimit {
        return runner.record(of: item.trial, .crashed(crash))
      }
      let id = item.trial.id.description
      ccrash_prepare_thread()
      journal.began(id)
      defer { journal.ended(id) }
      return item.isMeasuredAgain
        ? runner.measureAgain(item.trial) { try stored.take(id) }
        : runner.run(item.trial, taking: item.demand.bytes, of: free)
    }
    let deliver: @Sendable (SweepItems.Item, TrialRecord) throws -> Void = { item, record in
      try sealer.add(record)
      counts.withLock { counts in
        counts.summary.count(record)
        if record.outcome.status != .completed { counts.failures += 1 }
      }
      if record.outcome.status == .crashed { journal.ended(record.id) }
      report(.finished(record, operations: item.demand.operations))
    }
    let isOver: @Sendable () -> Bool = {
      isStopped() || counts.withLock { $0.failures >= mostFailures }
    }
    if !items.suspects.isEmpty {
      report(.suspects(count: items.suspects.count))
      try ParallelRunner(jobs: 1).run(
        items.suspects, work: work, deliver: deliver, isStopped: isOver)
    }
    try workers.run(
      items.others, budget: budget, weight: \.demand.bytes, work: work, deliver: deliver,
      isStopped: isOver)
    try sealer.flush()
    summary = counts.withLock { $0.summary }
    if summary.isComplete {
      try store.merge(
        whole.description(provenance: provenance), dropsStale: options.dropsStale)
      report(.merged(path: store.path))
    } else {
      store.unlock()
    }
    return summary
  }

  private func keeper(
    of left: Set<String>, _ report: @escaping @Sendable (SweepEvent) -> Void
  ) -> CheckpointKeeper {
    let checkpoints = store.checkpoints
    let hasFailed = Locked(false)
    return CheckpointKeeper(
      interval: .seconds(options.checkpointSeconds),
      load: { left.contains($0) ? try checkpoints.load($0) : nil },
      save: { try checkpoints.save($1, of: $0) },
      report: { id, trouble in
        switch trouble {
        case .notKept(let reason):
          let isFirst = hasFailed.withLock { known in
            defer { known = true }
            return !known
          }
          if isFirst { report(.checkpointNotKept(reason: reason)) }
        case .notUsed(let reason): report(.checkpointNotUsed(id: id, reason: reason))
        }
      })
  }

  /// After so many crashes while a trial was under way it is not run again.
  private static let crashLimit = 2

  /// Bytes that so many trials under way may take together: of what the machine says is free, a
  /// tenth is left to estimates that are too low, and to others.
  static func memoryBudget(jobs: Int) -> Int { Memory.available(threads: jobs) / 10 * 9 }

  /// A file that is not there would fail every trial that reads it: said once, before any is run.
  static func checkDataFiles(of trials: [Trial], _ files: DataFiles) throws {
    var checked: Set<String> = []
    for trial in trials where trial.settings.has("data.path") {
      let path = trial.settings.text("data.path")
      guard checked.insert(path).inserted, files.locate(path) == nil else { continue }
      throw MissingDataFile(path: path, folders: files.folders)
    }
  }
}

/// What happens during a run.
public enum SweepEvent: Sendable {
  /// Before the first trial: how many are to run, how many are only to be measured, for metrics that are
  /// asked for since, how many are done, and the arithmetic ahead.
  case started(toRun: Int, toMeasure: Int, done: Int, operations: Double)
  /// Before the first trial: memory may keep trials waiting for which there are cores.
  case memoryBound(MemoryBound)
  /// A trial has ended, with the arithmetic it was counted with.
  case finished(TrialRecord, operations: Double)
  /// A file of earlier results whose bytes are not what was written; its trials run again.
  case corruptSegment(path: String, reason: String)
  /// The process went down while these trials were under way: they run first, one at a time.
  case suspects(count: Int)
  /// There are results of trials that the experiment no longer has; they are kept unless they are dropped.
  case stale(count: Int, isDropped: Bool)
  /// A checkpoint could not be kept, said once: trials go on without.
  case checkpointNotKept(reason: String)
  /// What an interrupted trial left is of no use: it begins again.
  case checkpointNotUsed(id: String, reason: String)
  /// Every trial is done and the results file stands.
  case merged(path: String)
}

/// How a run ended.
public struct SweepSummary: Sendable, Equatable {
  /// Trials in the plan.
  public let planned: Int
  /// Trials that needed no run.
  public var alreadyDone = 0
  /// Trials that did all they were asked, earlier runs included.
  public var completed = 0
  /// Trials that ended otherwise, earlier runs included.
  public var failed = 0

  init(_ standing: SweepStanding, retryFailed: Bool) {
    planned = standing.states.count
    for state in standing.states {
      switch state {
      case .completed: completed += 1
      case .failed: failed += retryFailed ? 0 : 1
      case .waiting, .lacking: break
      }
    }
    alreadyDone = completed + failed
  }

  /// True where every trial of the plan has a record.
  public var isComplete: Bool { completed + failed == planned }

  mutating func count(_ record: TrialRecord) {
    if record.outcome.status == .completed { completed += 1 } else { failed += 1 }
  }
}
