import Planning
import Results

/// Why parts make no whole.
public enum PartsRefusal: Error, Sendable, Equatable {
  /// No results at a path.
  case noResults(path: String)
  /// No part holds an experiment: all are segments of runs that have not ended.
  case noExperiment
  /// Parts of experiments with several names, each with its file.
  case severalExperiments([Named])
  /// Two parts of one name, neither of whose plans has all trials of the other's.
  case differingPlans(path: String, other: String, unknown: Int)
  /// Segments none of whose trials the plan has.
  case foreignTrials(path: String, experiment: String)

  /// A file and the experiment in it.
  public struct Named: Sendable, Equatable {
    /// The file.
    public var path: String
    /// The experiment's name.
    public var name: String
  }
}

/// The union of results files of one experiment, checked before anything is written.
///
/// The plan is that of the part whose plan has all trials of the others': shards have one plan, and a grid
/// that was extended between two runs has all trials of the former. What the plan does not have keeps its
/// row at the end, as after any edit of a grid.
public struct PartsMerge: Sendable {
  /// The plan of the whole.
  public let plan: Plan
  /// Planned trials that no part has, or not with every metric that is asked for; places in the plan.
  public let missing: [Int]
  /// Trials that several parts have, and in what they differ.
  public let duplicates: [DuplicateTrial]
  /// Planned trials that ended otherwise than completed.
  public let failedCount: Int
  /// Finished trials that the plan does not have.
  public let unplannedCount: Int
  /// Segments whose bytes are not those that were sealed; their trials count as missing.
  public let corruptSegments: [CorruptSegment]
  private let output: ResultsStore
  private let parts: [ResultsStore]
  private let provenance: [(name: String, value: String)]

  /// What made the parts where that is not one thing: `isa` with each value. Numbers may differ then.
  public var mixedOrigins: [(name: String, value: String)] {
    ["isa", "scoresweep_version", "git_commit"].compactMap { name in
      provenance.first { $0.name == name && $0.value.contains("; ") }
    }
  }

  /// Trials that several parts have with different results.
  public var conflicts: [DuplicateTrial] { duplicates.filter { !$0.differences.isEmpty } }

  /// Reads and compares parts.
  ///
  /// - Parameters:
  ///   - stores: the parts.
  ///   - output: where the whole will stand; what stands there already is a part too.
  ///   - given: the plan of the whole, where the parts shall not say it.
  /// - Throws: ``PartsRefusal``, ``ResultsError`` or `InvalidExperiment`.
  public init(_ stores: [ResultsStore], into output: ResultsStore, plan given: Plan? = nil) throws {
    var seen: Set<String> = [output.path]
    let parts = stores.filter { seen.insert($0.path).inserted }
    let earlier = try output.load(.summary)
    let hasEarlier = earlier.experiment != nil || !earlier.records.isEmpty
    var loaded = hasEarlier ? [(path: output.path, results: earlier)] : []
    for part in parts {
      let results = try part.load(.summary)
      guard results.experiment != nil || !results.records.isEmpty else {
        throw PartsRefusal.noResults(path: part.path)
      }
      loaded.append((part.path, results))
    }
    plan = try given ?? Self.plan(of: loaded)
    let planned = Set(plan.trials.map(\.id.description))
    try Self.checkNames(loaded, plan)
    for (path, results) in loaded
    where results.experiment == nil && !results.records.contains(where: { planned.contains($0.id) })
    {
      throw PartsRefusal.foreignTrials(path: path, experiment: plan.experiment.name)
    }
    let records = Self.union(of: loaded.map(\.results))
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []))
    let standing = SweepStanding(of: plan.trials, in: records, runner)
    missing = (standing.waiting(retryFailed: false) + standing.lacking.map(\.trial)).sorted()
    failedCount = standing.states.count {
      if case .failed = $0 { true } else { false }
    }
    unplannedCount = records.count { !planned.contains($0.id) }
    corruptSegments = loaded.flatMap(\.results.corruptSegments)
    duplicates = try output.duplicates(with: parts)
    provenance = Self.provenance(of: loaded.compactMap(\.results.experiment))
    (self.output, self.parts) = (output, parts)
  }

  /// Writes the whole; planned trials that are missing have rows that wait.
  public func write() throws {
    try output.merge(plan.description(provenance: provenance), including: parts)
  }

  /// The plan of the part that has all trials of all others.
  private static func plan(of loaded: [(path: String, results: LoadedResults)]) throws -> Plan {
    let parts = loaded.compactMap { part in
      part.results.experiment.map {
        (path: part.path, experiment: $0, ids: part.results.plannedIDs)
      }
    }
    let names = parts.map { PartsRefusal.Named(path: $0.path, name: $0.experiment.name) }
    guard Set(names.map(\.name)).count < 2 else { throw PartsRefusal.severalExperiments(names) }
    guard var largest = parts.first else { throw PartsRefusal.noExperiment }
    for part in parts where part.ids.count > largest.ids.count { largest = part }
    for part in parts {
      let unknown = part.ids.subtracting(largest.ids).count
      guard unknown == 0 else {
        throw PartsRefusal.differingPlans(path: part.path, other: largest.path, unknown: unknown)
      }
    }
    return try Plan(largest.experiment, in: largest.path)
  }

  private static func checkNames(
    _ loaded: [(path: String, results: LoadedResults)], _ plan: Plan
  ) throws {
    let name = plan.experiment.name
    let others = loaded.compactMap { part in
      part.results.experiment.map { PartsRefusal.Named(path: part.path, name: $0.name) }
    }
    guard others.allSatisfy({ $0.name == name }) else {
      throw PartsRefusal.severalExperiments(
        [PartsRefusal.Named(path: plan.experiment.fileName, name: name)] + others)
    }
  }

  /// Each trial once: a completed attempt goes before others, and brings the metrics of a later one in.
  private static func union(of results: [LoadedResults]) -> [TrialRecord] {
    var records: [TrialRecord] = []
    var places: [String: Int] = [:]  // looked up only
    for record in results.flatMap(\.records) {
      guard let place = places[record.id] else {
        places[record.id] = records.count
        records.append(record)
        continue
      }
      if records[place].outcome.status != .completed {
        records[place] = record
      } else {
        records[place].metrics += record.metrics.filter { records[place].metric($0.name) == nil }
      }
    }
    return records
  }

  /// The facts of the runs that made the parts: where they differ, each once.
  private static func provenance(
    of experiments: [StoredExperiment]
  ) -> [(name: String, value: String)] {
    let own = [
      "Conventions", "format_version", "name", "title", "plan_sha256", "hdf5_version", "created",
    ]
    var facts: [(name: String, values: [String])] = []
    for attribute in experiments.flatMap(\.attributes) where !own.contains(attribute.name) {
      guard case .text(let text) = attribute.value else { continue }
      let place = facts.firstIndex { $0.name == attribute.name }
      if let place, !facts[place].values.contains(text) { facts[place].values.append(text) }
      if place == nil { facts.append((attribute.name, [text])) }
    }
    return facts.map { ($0.name, $0.values.joined(separator: "; ")) }
  }
}

extension LoadedResults {
  /// The identities of the merged plan's trials.
  fileprivate var plannedIDs: Set<String> {
    Set(experiment?.waiting.map(\.id) ?? []).union(records.map(\.id)).subtracting(unplanned)
  }
}
