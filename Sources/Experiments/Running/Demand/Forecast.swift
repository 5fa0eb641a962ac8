import Planning
import Results

/// What is left of a sweep, and what that will take.
public struct Forecast: Sendable, Equatable {
  /// The trials of a plan by what results there are.
  public struct Counts: Sendable, Equatable {
    /// Trials that did all they were asked.
    public var done = 0
    /// Trials that ended otherwise; they are run again only where that is asked for.
    public var failed = 0
    /// Trials that did all they were asked before a metric was added; they are measured again, not
    /// trained.
    public var toMeasure = 0
    /// Trials that are to be run.
    public var new = 0
    /// Records of trials that are not in the plan.
    public var stale = 0
  }

  /// Seconds that the new trials take.
  public struct Time: Sendable, Equatable {
    /// Of one core, all trials together.
    public var core: Double
    /// Of the clock, from the first trial's start to the last one's end.
    public var wall: Double
  }

  /// The trials by what results there are.
  public let counts: Counts
  /// Trials under way at once.
  public let jobs: Int
  /// What is expected.
  public let expected: Time
  /// What is expected where every trial trains to its last step.
  public let atMost: Time
  /// The part of ``expected`` that sampling and metrics take after training, 0 to 1.
  public let measuringPart: Double
  /// Whether training may stop before that.
  public let mayStopEarly: Bool
  /// Finished trials whose times and steps were taken into account.
  public let measuredTrials: Int
  /// New trials of which nothing is known, because their data cannot be read; they count as nothing.
  public var unknownTrials: Int { unreadable.reduce(0) { $0 + $1.trialCount } }
  /// Why data cannot be read, each reason with how many new trials it stops.
  public let unreadable: [UnreadableData]

  /// Data that cannot be read.
  public struct UnreadableData: Sendable, Equatable {
    /// The file and what is wrong with it.
    public let reason: String
    /// New trials that need it.
    public let trialCount: Int
  }
  /// How many of the kinds of trials were predicted one by one; each of the others is taken for the nearest
  /// of them in the order of the plan.
  public let sampledKinds: Int
  /// How many kinds of trials the plan has: those of one kind ask the same of the machine.
  public let kinds: Int
  /// Bytes of as many of the largest new trials as are under way at once.
  public let bytes: Int
  /// Bytes of the largest new trial.
  public let largestTrialBytes: Int
  /// How memory bounds the trials under way, where it does.
  public let memoryBound: MemoryBound?
}

extension Forecast {
  /// The forecast of a sweep.
  ///
  /// It times a few small programs, for about a quarter of a second, where trials are left.
  ///
  /// - Parameters:
  ///   - records: what is in the results.
  ///   - memoryBytes: what the trials under way may take together; nil for what a run allows them.
  /// - Throws: what stood in the way of the timing.
  public init(
    of plan: Plan, with records: [TrialRecord], files: DataFiles, jobs: Int = Cores.available,
    memoryBytes: Int? = nil
  ) throws {
    self = try Forecast(of: plan, with: records, files: files, jobs: jobs, memoryBytes) {
      try MachineSpeed.measured(cores: min(jobs, Cores.available))
    }
  }

  init(
    of plan: Plan, with records: [TrialRecord], files: DataFiles, jobs: Int,
    _ memoryBytes: Int? = nil, speed: () throws -> MachineSpeed
  ) throws {
    let runner = TrialRunner(plan: plan, files: files)
    let standing = SweepStanding(of: plan.trials, in: records, runner)
    counts = Counts(standing)
    self.jobs = jobs
    guard counts.new > 0 else {
      (expected, atMost) = (Time(core: 0, wall: 0), Time(core: 0, wall: 0))
      (mayStopEarly, measuredTrials, unreadable) = (false, 0, [])
      measuringPart = 0
      (bytes, largestTrialBytes, memoryBound) = (0, 0, nil)
      (sampledKinds, kinds) = (0, 0)
      return
    }
    let groups = TrialDemands(runner).groups(
      of: plan.trials, jobs: jobs, sample: TrialDemands.sampleSize)
    (sampledKinds, kinds) = (groups.kinds.sampled, groups.kinds.count)
    let time = TrialTimes(groups, standing, records, try speed())
    let waiting = WaitingTrials(groups, standing)
    let sizes = waiting.largest(jobs)
    let budget = memoryBytes ?? Sweep.memoryBudget(jobs: jobs)
    memoryBound = MemoryBound(sizes, budget: budget, jobs: jobs)
    bytes = sizes.reduce(0, +)
    largestTrialBytes = sizes.first ?? 0
    let workers = min(jobs, memoryBound?.fitting ?? jobs)
    let schedule = ListSchedule(workers: workers, spareCores: jobs - workers)
    // Cores are fewer than jobs where someone asks for that: each then has a part of one.
    let share = max(1, Double(jobs) / Double(max(Cores.available, 1)))
    func total(_ seconds: (Int) -> Double) -> Time {
      let tasks = waiting.groups.map {
        ListSchedule.Tasks(
          seconds: seconds($0.group), count: $0.count,
          cores: groups.demands[$0.group].programs.stepCores)
      }
      return Time(
        core: tasks.reduce(0) { $0 + $1.seconds * Double($1.count) },
        wall: share * schedule.end(of: tasks))
    }
    expected = total(time.expected)
    atMost = total(time.atMost)
    let measuring = waiting.groups.reduce(0) {
      $0 + time.measuring($1.group) * Double($1.count)
    }
    measuringPart = expected.core > 0 ? measuring / expected.core : 0
    let kinds = waiting.groups.map { ($0.count, groups.demands[$0.group]) }
    mayStopEarly = kinds.contains { $1.length.earliestStop != nil }
    unreadable = waiting.unreadable
    measuredTrials = time.refinement.count
  }
}

extension Forecast.Counts {
  fileprivate init(_ standing: SweepStanding) {
    for state in standing.states {
      switch state {
      case .completed: done += 1
      case .failed: failed += 1
      case .waiting: new += 1
      case .lacking: toMeasure += 1
      }
    }
    stale = standing.staleCount
  }
}

/// The trials that are left, group by group.
private struct WaitingTrials {
  /// In the order that a run starts them, longest first.
  let groups: [(group: Int, count: Int)]
  private let demands: [TrialDemand]

  init(_ all: TrialDemands.Groups, _ standing: SweepStanding) {
    var counts = [Int](repeating: 0, count: all.demands.count)
    for place in standing.waiting(retryFailed: false) { counts[all.group[place]] += 1 }
    let operations = all.demands.map(\.operations)
    groups = counts.indices.filter { counts[$0] > 0 }
      .sorted { (-operations[$0], $0) < (-operations[$1], $1) }
      .map { (group: $0, count: counts[$0]) }
    demands = all.demands
  }

  /// Why the data of some cannot be read, in the order of the plan.
  var unreadable: [Forecast.UnreadableData] {
    var found: [Forecast.UnreadableData] = []
    for (group, count) in groups.sorted(by: { $0.group < $1.group }) {
      guard let reason = demands[group].programs.failure else { continue }
      if let place = found.firstIndex(where: { $0.reason == reason }) {
        found[place] = .init(reason: reason, trialCount: found[place].trialCount + count)
      } else {
        found.append(.init(reason: reason, trialCount: count))
      }
    }
    return found
  }

  /// Bytes of as many of the largest trials, the largest first.
  func largest(_ limit: Int) -> [Int] {
    var sizes: [Int] = []
    let sorted = groups.map { (bytes: demands[$0.group].bytes, count: $0.count) }
      .sorted { $0.bytes > $1.bytes }
    for (bytes, count) in sorted where sizes.count < limit {
      sizes += [Int](repeating: bytes, count: min(count, limit - sizes.count))
    }
    return sizes
  }
}

/// The seconds of the trials of each group.
private struct TrialTimes {
  let refinement: Refinement
  private let demands: [TrialDemand]
  private let speed: MachineSpeed

  init(
    _ groups: TrialDemands.Groups, _ standing: SweepStanding, _ records: [TrialRecord],
    _ speed: MachineSpeed
  ) {
    demands = groups.demands
    self.speed = speed
    let finished = standing.states.indices.compactMap { place -> Refinement.Finished? in
      guard case .completed(let index) = standing.states[place] else { return nil }
      let (record, group) = (records[index], groups.group[place])
      let demand = groups.demands[group]
      return Refinement.Finished(
        group: group, measuredSeconds: record.seconds,
        predictedSeconds: demand.seconds(steps: Double(record.steps), speed),
        stop: demand.length.fraction(ofStopAt: record.steps))
    }
    refinement = Refinement(finished, groupCount: groups.demands.count)
  }

  func expected(_ group: Int) -> Double {
    let demand = demands[group]
    let steps = demand.length.stop(at: refinement.stop(of: group))
    return refinement.ratio(of: group) * demand.seconds(steps: steps, speed)
  }

  /// What of ``expected(_:)`` sampling and metrics take.
  func measuring(_ group: Int) -> Double {
    refinement.ratio(of: group) * demands[group].measuringSeconds(speed)
  }

  func atMost(_ group: Int) -> Double {
    let demand = demands[group]
    return refinement.ratio(of: group) * demand.seconds(steps: Double(demand.length.steps), speed)
  }
}

extension TrialDemand {
  /// The seconds of a trial that trains for so many steps.
  func seconds(steps: Double, _ speed: MachineSpeed) -> Double {
    guard !programs.isUnknown else { return 0 }
    let evaluations = length.evaluations(until: Int(steps))
    return steps * speed.seconds(of: programs.step, inDouble: programs.isDouble)
      + Double(evaluations) * speed.seconds(of: programs.evaluation, inDouble: true)
      + speed.seconds(of: Self.setUp, inDouble: true)
      + programs.once.reduce(0) { $0 + speed.seconds(of: $1, inDouble: true) }
      + measuringSeconds(speed)
  }

  /// The seconds of the sampler and the metrics.
  fileprivate func measuringSeconds(_ speed: MachineSpeed) -> Double {
    programs.measuring.reduce(0) { $0 + speed.seconds(of: $1, inDouble: true) }
  }
}
