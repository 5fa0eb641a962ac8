import Results

@testable import Planning
@testable import Reports

/// A small sweep with numbers that are easy to check by hand.
///
/// esm and ism have no hyper-parameter; dsm has two noise scales of which the larger is better on
/// validation data in dimension 2 and the smaller in dimension 8.
enum ExampleTrials {
  static let axes = [
    AxisDescription("loss", [.text("esm"), .text("ism"), .text("dsm")]),
    AxisDescription("sigma", [.number(0.1), .number(0.3)]),
    AxisDescription("dimension", [.number(2), .number(8)]),
    AxisDescription("repeat", [.number(0), .number(1), .number(2)]),
  ]

  static let values: [(loss: String, sigma: Double?, dimension: Double, metric: [Double])] = [
    ("esm", nil, 2, [0.10, 0.11, 0.12]), ("esm", nil, 8, [1.0, 1.2, 1.4]),
    ("ism", nil, 2, [0.1096, 0.1097, 0.1098]), ("ism", nil, 8, [2.0, 2.5, 3.0]),
    ("dsm", 0.1, 2, [0.40, 0.50, 0.60]), ("dsm", 0.1, 8, [3.0, 3.1, 3.2]),
    ("dsm", 0.3, 2, [0.20, 0.30, 0.40]), ("dsm", 0.3, 8, [4.0, 4.1, 4.2]),
  ]

  /// The records of the sweep; the validation metric is the metric less ten.
  static var records: [TrialRecord] {
    values.flatMap { entry in
      entry.metric.enumerated().map { index, value in
        record(entry.loss, entry.sigma, entry.dimension, index, value)
      }
    }
  }

  static func record(
    _ loss: String, _ sigma: Double?, _ dimension: Double, _ index: Int, _ value: Double,
    status: Status = .completed
  ) -> TrialRecord {
    TrialRecord(
      id: "\(loss)-\(sigma ?? 0)-\(dimension)-\(index)",
      axes: place(loss, sigma, dimension, index),
      settings: #"{"dimension":\#(Int(dimension)),"loss":"\#(loss)","repeat":\#(index)}"#,
      outcome: Outcome(status),
      metrics: [
        Metric("fisher_divergence", value),
        Metric("validation_implicit_score_matching", value - 10),
      ], steps: 100, seconds: 2)
  }

  static func place(
    _ loss: String, _ sigma: Double?, _ dimension: Double, _ index: Int
  ) -> [AxisEntry] {
    [
      AxisEntry("loss", .text(loss)), AxisEntry("sigma", sigma.map { .number($0) }),
      AxisEntry("dimension", .number(dimension)), AxisEntry("repeat", .number(Double(index))),
    ]
  }

  static var trials: Trials { Trials(axes: axes, records: records) }

  /// The table of the means by loss and dimension, sigma selected on validation data.
  static func specification(
    title: String = "Fisher divergence", rows: String = "loss", columns: String? = "dimension",
    value: String = "fisher_divergence",
    statistic: TableSpecification.Statistic = .meanAndDeviation, selects: Bool = true,
    best: TableSpecification.Direction? = .lowest, conditions: [Condition] = []
  ) -> TableSpecification {
    TableSpecification(
      name: "main", title: title, rows: rows, columns: columns, value: value, statistic: statistic,
      select: selects
        ? TableSpecification.Selection(
          over: ["sigma"], by: "validation_implicit_score_matching", best: .lowest) : nil,
      best: best, conditions: conditions)
  }

  /// The sweep with an esm trial that diverged, a dsm trial that timed out and an ism trial not run.
  static var troubledTrials: Trials {
    let diverged = record("esm", nil, 2, 2, .nan, status: .diverged)
    let timedOut = record("dsm", 0.1, 2, 1, .nan, status: .timedOut)
    let waiting = ExperimentDescription.PlannedTrial(
      id: "ism-0.0-8.0-2", axes: place("ism", nil, 8, 2), settings: "{}")
    let replaced = records.map { record in
      [diverged, timedOut].first { $0.id == record.id } ?? record
    }
    return Trials(
      axes: axes, records: replaced.filter { $0.id != waiting.id }, waiting: [waiting])
  }
}
