import Planning
import Results

/// What a run has to do, in the order in which it does it.
struct SweepItems: Sendable {
  /// One trial that is run, or only measured.
  struct Item: Sendable {
    var trial: Trial
    var demand: TrialDemand
    /// Whether it is finished but for metrics that were added.
    var isMeasuredAgain: Bool
    /// That the process went down while it was under way; nil where it did not.
    var crash: StartJournal.Crash?
  }

  /// Trials during which the process went down: they run before all others, one at a time.
  private(set) var suspects: [Item] = []
  /// All others: the longest first, equal ones in the order of the plan, and in the end what is only
  /// measured.
  private(set) var others: [Item] = []
  /// The records of the trials that are only measured, in their order.
  let recordsToMeasure: [TrialRecord]

  init(
    _ plan: Plan, _ standing: SweepStanding, _ records: [TrialRecord], _ runner: TrialRunner,
    _ options: Sweep.Options, _ crashes: [String: StartJournal.Crash]
  ) {
    let lacking = standing.lacking
    recordsToMeasure = lacking.map { records[$0.record] }
    let waiting = standing.waiting(retryFailed: options.retryFailed)
    let trials = (waiting + lacking.map(\.trial)).map { plan.trials[$0] }
    let demands = TrialDemands(runner).demands(of: trials, jobs: options.jobs)
    let longestFirst = waiting.indices.sorted {
      (-demands[$0].operations, $0) < (-demands[$1].operations, $1)
    }
    for index in longestFirst + trials.indices.dropFirst(waiting.count) {
      let item = Item(
        trial: trials[index], demand: demands[index], isMeasuredAgain: index >= waiting.count,
        crash: crashes[trials[index].id.description])
      if item.crash == nil { others.append(item) } else { suspects.append(item) }
    }
  }

  var all: [Item] { suspects + others }
  var measuredCount: Int { recordsToMeasure.count }
  var trainedCount: Int { suspects.count + others.count - measuredCount }
  /// The arithmetic ahead.
  var operations: Double { all.reduce(0) { $0 + $1.demand.operations } }
}

extension Outcome {
  /// The end of a trial that takes the process with it.
  static func crashed(_ crash: StartJournal.Crash) -> Outcome {
    Outcome(
      .crashed,
      message:
        "the process was ended by \(words(crash.signal)) \(crash.count) times while it ran, at "
        + "last while nothing else did; it is not run again unless failed trials are")
  }

  private static func words(_ signal: Int) -> String {
    switch signal {
    case 4: "an illegal instruction or a failed check (signal 4)"
    case 5: "a failed check (signal 5)"
    case 6: "an abort (signal 6)"
    case 7: "a bus error (signal 7)"
    case 8: "an arithmetic error (signal 8)"
    case 9: "the kernel for want of memory (signal 9)"
    case 11: "a segmentation fault (signal 11)"
    default: "signal \(signal)"
    }
  }
}
