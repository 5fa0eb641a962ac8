import Planning
import Results
import Settings
import TestSupport
import Testing

@testable import Experiments

// Published theory: score matching of separated modes is as inefficient as their barrier is high.
struct EfficiencyTests {
  /// n Var(w) of the weight of a mixture of N(m, 1) and N(-m, 1) at w = 1/2.
  private static let table: [(offset: Double, values: [Double])] = [
    (0.5, [1.225, 1.326, 1.252, 1.226, 1.242, 1.249]),
    (1, [0.4542, 0.7554, 0.5393, 0.4582, 0.4788, 0.4971]),
    (2, [0.2684, 2.529, 0.6949, 0.3225, 0.2800, 0.3048]),
    (3, [0.2510, 35.03, 2.936, 0.5301, 0.2598, 0.2669]),
    (5, [0.2500, 147_823.6, 648, 5.932, 0.3635, 0.2508]),
  ]

  private func text(
    _ grid: String, offset: Double,
    noise: String = #", "noise_expectation": { "type": "gauss-hermite", "nodes": 64 }"#
  ) -> String {
    """
    { "name": "efficiency", "seed": 5,
      "base": {
        "data": { "type": "gaussian-mixture", "offset": \(offset), "train": 1000, "validation": 1, "test": 1 },
        "dimension": 1, "precision": "float64", "fit": "full-batch", "lbfgs": { "tolerance": 1e-8 },
        "model": { "type": "mixture", "learn": ["weights"], "offset": \(offset), "weights": [2, 3] } \(noise) },
      "grid": { \(grid) },
      "metrics": ["weight_error", "asymptotic_weight_variance", "converged"] }
    """
  }

  private func run(_ text: String) throws -> [TrialRecord] {
    let plan = try plan(text)
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []))
    return plan.trials.compactMap(runner.run)
  }

  @Test(
    "The asymptotic variances of a weight are those of the literature's formula", arguments: 0..<5)
  func quadrature(row: Int) throws {
    let (offset, values) = Self.table[row]
    let records = try run(
      text(#""loss": ["ml", "ism", "dsm"], "sigma": [0.5, 1, 2, 4]"#, offset: offset))
    let found = try records.map { try #require($0.metric("asymptotic_weight_variance")) }
    for (value, exact) in zip(found, values) {
      // The last printed digit; 648 has three.
      #expect((value / exact - 1).magnitude < 8e-4, "m = \(offset): \(value), \(exact)")
    }
    #expect(found.count == 6 && records.allSatisfy { $0.metric("converged") == 1 })
  }

  @Test("Errors of repeated fits agree with it within their standard error")
  func repeats() throws {
    let all = try run(
      text(#""loss": ["ml", "ism", "dsm"], "sigma": 1, "repeat": 200"#, offset: 1))
    for loss in ["ml", "ism", "dsm"] {
      let records = all.filter { $0.axis("loss") == .text(loss) }
      try #require(records.count == 200)
      let errors = try records.map { try #require($0.metric("weight_error")) }
      let exact = try #require(records[0].metric("asymptotic_weight_variance"))
      let mean = errors.reduce(0, +) / 200
      let spread = errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199
      #expect((mean - exact).magnitude < 3 * (spread / 200).squareRoot(), "\(loss): \(mean)")
    }
  }

  @Test("Three weights at once: maximum likelihood has the inverse information as its variance")
  func threeWeights() throws {
    let means = #""means": [[-3], [0], [3]], "weights": [1, 2, 1]"#
    let text = """
      { "name": "three", "seed": 5,
        "base": {
          "data": { "type": "gaussian-mixture", \(means), "train": 4000, "validation": 1, "test": 1 },
          "dimension": 1, "precision": "float64", "fit": "full-batch",
          "model": { "type": "mixture", "learn": ["weights"], \(means) } },
        "grid": { "loss": ["ml"], "repeat": 100 },
        "metrics": ["weight_error", "asymptotic_weight_variance"] }
      """
    let records = try run(text)
    let errors = try records.map { try #require($0.metric("weight_error")) }
    let exact = try #require(records[0].metric("asymptotic_weight_variance"))
    // More than the multinomial w (1 - w), since which normal a point is from is not seen.
    #expect(exact > 0.1875 && exact < 0.4)
    let mean = errors.reduce(0, +) / 100
    #expect((mean / exact - 1).magnitude < 3 * (2.0 / 100).squareRoot(), "\(mean), \(exact)")
  }

  /// By the trapezium rule in 60 digits.
  @Test(
    "The asymptotic variance of implicit score matching holds for modes far apart",
    arguments: [
      (5, 147_823.58), (6, 42_131_880), (7, 3.2103815e10), (8, 6.5549897e13), (10, 5.304394e21),
    ])
  func farApart(offset: Double, exact: Double) throws {
    let records = try run(text(#""loss": ["ism"]"#, offset: offset, noise: ""))
    let found = try #require(records.first?.metric("asymptotic_weight_variance"))
    #expect((found / exact - 1).magnitude < 1e-7, "m = \(offset): \(found)")
  }

  @Test("It does not exist where draws add to the variance, or where other things are learned")
  func absent() throws {
    func reasons(_ grid: String, offset: Double = 1) throws -> [String] {
      try #require(throws: InvalidExperiment.self) {
        try plan(text(grid, offset: offset, noise: ""))
      }.diagnostics.map(\.message)
    }
    let metric = "no trial has the metric asymptotic_weight_variance: "
    #expect(
      try reasons(#""loss": ["dsm", "ssm"]"#)
        == [metric + "the loss draws random numbers (2 trials)"])
    #expect(
      try reasons(#""loss": ["ml"], "model.scale": [2]"#)
        == [metric + "the scale of the model is not that of the data (1 trial)"])
    #expect(
      try reasons(#""loss": ["ism"]"#, offset: 45)
        == [metric + "two means are more than 40.0 scales apart (1 trial)"])
    #expect(try reasons(#""loss": ["ml"], "model.learn": [["means"]]"#).count == 2)
    // Beside a trial that has it.
    let records = try run(text(#""loss": ["ml", "ssm"]"#, offset: 1, noise: ""))
    #expect(records.map { $0.metric("asymptotic_weight_variance") == nil } == [false, true])
    #expect(records.allSatisfy { $0.metric("weight_error") != nil })
  }
}
