import Settings

/// A metric that not all trials of a plan have.
public struct PartialMetric: Sendable, Hashable {
  /// The metric.
  public let name: String
  /// Trials that have it.
  public let trialCount: Int
  /// Why others have it not, and how many, in the order of the trials.
  public let absences: [Absence]

  /// Trials that cannot have a metric for one reason.
  public struct Absence: Sendable, Hashable {
    /// A clause: "data from a file have no exact density".
    public let reason: String
    /// How many trials.
    public let count: Int
  }
}

extension PartialMetric {
  /// The reasons with their counts: "nothing is sampled (4 trials)".
  var reasons: String {
    absences.map { "\($0.reason) (\($0.count) trial\($0.count == 1 ? "" : "s"))" }
      .joined(separator: "; ")
  }

  /// A line of the plan.
  func words(ofTrials count: Int) -> String {
    trialCount == 0
      ? "no trial has the metric \(name): \(reasons)"
      : "\(trialCount) of \(count) trials have the metric \(name), not the others: \(reasons)"
  }
}

extension Plan {
  /// The metrics that not all trials have.
  ///
  /// - Complexity: a fraction of a microsecond a trial and metric; what trials agree in is judged once.
  static func partialMetrics(
    _ metrics: [MetricSpecification], of trials: [Trial], by rule: MetricAvailability
  ) -> [PartialMetric] {
    guard !metrics.isEmpty else { return [] }
    var kinds: [TrialLikeness: Int] = [:]  // looked up only, never iterated
    var counts: [Int] = []
    var reasons: [[String?]] = []
    var judged = LikenessFinder { path in
      !rule.ignored.contains { path == $0 || path.hasPrefix($0 + ".") }
    }
    for trial in trials {
      let likeness = judged.likeness(of: trial)
      if let kind = kinds[likeness] {
        counts[kind] += 1
        continue
      }
      kinds[likeness] = counts.count
      counts.append(1)
      let absence = rule.absence(trial.settings)
      reasons.append(metrics.map { absence($0.settings) })
    }
    return metrics.indices.compactMap { place in
      var absences: [(reason: String, count: Int)] = []
      for (kind, count) in counts.enumerated() {
        guard let reason = reasons[kind][place] else { continue }
        if let known = absences.firstIndex(where: { $0.reason == reason }) {
          absences[known].count += count
        } else {
          absences.append((reason, count))
        }
      }
      guard !absences.isEmpty else { return nil }
      return PartialMetric(
        name: metrics[place].name,
        trialCount: trials.count - absences.reduce(0) { $0 + $1.count },
        absences: absences.map { PartialMetric.Absence(reason: $0.reason, count: $0.count) })
    }
  }

  /// The metrics that no trial has, as mistakes of the file. A file that several experiments include may
  /// measure what this one cannot have.
  func metricsOfNoTrial() -> [Diagnostic] {
    partialMetrics.filter { $0.trialCount == 0 }.compactMap { metric in
      guard let place = experiment.metrics.firstIndex(where: { $0.name == metric.name }),
        experiment.metricSpots[place].source.name == experiment.fileName
      else { return nil }
      return Diagnostic(
        .unused, experiment.metricSpots[place],
        "no trial has the metric \(metric.name): \(metric.reasons)",
        remedy: "Remove the metric, or add trials that have it.")
    }
  }
}

/// What trials share, with what is found out once for each family.
struct LikenessFinder {
  private let matters: (_ path: String) -> Bool
  private var known: (family: TrialFamily, factors: [Bool])?

  init(where matters: @escaping (_ path: String) -> Bool) {
    self.matters = matters
  }

  /// What trials share that agree in all settings whose paths matter.
  mutating func likeness(of trial: Trial) -> TrialLikeness {
    let factors: [Bool]
    if let known, known.family === trial.family {
      factors = known.factors
    } else {
      factors = trial.family.factors(where: matters)
      known = (trial.family, factors)
    }
    return TrialLikeness(
      family: ObjectIdentifier(trial.family),
      first: trial.family.first(alike: trial.number, in: factors))
  }
}
