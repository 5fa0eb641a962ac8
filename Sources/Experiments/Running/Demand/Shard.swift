import Planning

/// One of several parts that a plan's trials are dealt into: `2/3` is the second of three.
public struct Shard: Sendable, Hashable, CustomStringConvertible {
  /// Which part, from 1.
  public let number: Int
  /// How many parts there are.
  public let count: Int

  /// More parts than that are a mistake of the command line.
  public static let largestCount = 100_000

  /// A part by its number from 1; nil where there is no such part.
  public init?(_ number: Int, of count: Int) {
    guard count >= 1, count <= Self.largestCount, number >= 1, number <= count else { return nil }
    self.number = number
    self.count = count
  }

  /// A part as the command line says it, `k/n`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let number = Int(parts[0]), let count = Int(parts[1])
    else { return nil }
    self.init(number, of: count)
  }

  /// `k/n`.
  public var description: String { "\(number)/\(count)" }
}

/// The trials of a plan that one shard has.
public struct ShardOfPlan: Sendable {
  /// Which shard it is.
  public let shard: Shard
  /// The plan of its trials alone.
  public let plan: Plan
  /// Trials of the whole plan.
  public let wholeCount: Int
  /// The part of the whole plan's arithmetic that its trials have, 0 to 1.
  public let share: Double

  /// Deals the trials of a plan out by the arithmetic that each is predicted to take, and keeps those of
  /// one shard.
  ///
  /// Nothing that is measured counts, neither this machine's speed nor finished trials, and no setting
  /// of the run: every machine deals the same plan out alike. Where a plan has very many kinds of
  /// trials some of them stand for their neighbours, as in a ``Forecast``.
  ///
  /// - Complexity: the programs of the plan's trials are compiled once each.
  public init(_ shard: Shard, of plan: Plan, files: DataFiles) {
    let groups = TrialDemands(TrialRunner(plan: plan, files: files))
      .groups(of: plan.trials, jobs: Cores.available, sample: TrialDemands.sampleSize)
    let costs = groups.group.map { groups.demands[$0].operations }
    let places = Self.places(of: shard, costs: costs)
    let (own, total) = (places.reduce(0) { $0 + costs[$1] }, costs.reduce(0, +))
    self.shard = shard
    self.plan = plan.keeping(places)
    wholeCount = plan.trials.count
    share = total > 0 ? own / total : Double(places.count) / Double(max(plan.trials.count, 1))
  }

  /// The trials of a shard: the costliest trial that is left goes to the shard that has least so far.
  ///
  /// Equal trials go in the order of the plan, and of shards that have as little the one with fewest
  /// trials, then the first, gets the next. No shard then takes more than 4/3 − 1/(3n) of what the best
  /// deal gives the fullest (Graham, SIAM J. Appl. Math. 17, 1969).
  ///
  /// - Returns: places in `costs`, ascending.
  /// - Complexity: the logarithm of the shards a trial.
  static func places(of shard: Shard, costs: [Double]) -> [Int] {
    var shards = Heap((0..<shard.count).map { Load(cost: 0, trials: 0, shard: $0) })
    var own: [Int] = []
    for place in costs.indices.sorted(by: { (-costs[$0], $0) < (-costs[$1], $1) }) {
      var load = shards.first
      if load.shard == shard.number - 1 { own.append(place) }
      load.cost += costs[place]
      load.trials += 1
      shards.replaceFirst(by: load)
    }
    return own.sorted()
  }
}

/// What a shard has so far.
private struct Load: Comparable {
  var cost: Double
  var trials: Int
  var shard: Int

  static func < (one: Load, other: Load) -> Bool {
    (one.cost, one.trials, one.shard) < (other.cost, other.trials, other.shard)
  }
}

/// Loads of which the least is known.
private struct Heap {
  private var loads: [Load]

  /// - Parameter loads: in ascending order, at least one.
  init(_ loads: [Load]) { self.loads = loads }

  var first: Load { loads[0] }

  mutating func replaceFirst(by load: Load) {
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < loads.count else { break }
      if child + 1 < loads.count, loads[child + 1] < loads[child] { child += 1 }
      guard loads[child] < load else { break }
      loads[place] = loads[child]
      place = child
    }
    loads[place] = load
  }
}
