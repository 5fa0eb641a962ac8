// Seen to fail with the factor 2 of a polynomial's variance left out.
//
// Every loss is a polynomial of degree four at most in each normal number once squared, so three Gauss-
// Hermite nodes give its moments exactly, and so do all signs, and eight points on a circle.
import Execution
import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct LinearScoreVarianceTests {
  /// Nodes of a law of two numbers and their weights.
  typealias Rule = [(point: [Double], weight: Double)]

  static let normal: Rule = {
    let nodes = [(0.0, 2.0 / 3), (3.0.squareRoot(), 1.0 / 6), (-3.0.squareRoot(), 1.0 / 6)]
    return nodes.flatMap { a in nodes.map { b in ([a.0, b.0], a.1 * b.1) } }
  }()

  static func directions(_ law: String) -> Rule {
    switch law {
    case "gaussian": return normal
    case "rademacher": return [-1.0, 1].flatMap { a in [-1.0, 1].map { ([a, $0], 0.25) } }
    default:
      return (0..<8).map { k in
        let angle = 2 * Double.pi * Double(k) / 8
        return ([Real.cosine(angle), Real.sine(angle)], 0.125)
      }
    }
  }

  /// The variances over all nodes of the trial's own loss, on one row.
  static func bruteForce(
    _ settings: SettingValue, _ parameters: [[Double]]
  ) throws -> (loss: Double, gradient: Double) {
    let loss = try #require(TrainingLoss(settings))
    let model = Models.make(settings["model"] ?? .null, dimension: 2)
    let data = Gaussian(settings["data"] ?? .null, dimension: 2)
    let x = Tensor.rows("x", [1, 2])
    let (value, gradients) = valueAndGradients(
      of: {
        loss(model.subject(at: $0), at: x, target: loss.needsTargetScore ? data.score(x) : nil)
      },
      at: model.states)
    let flat = concatenate(gradients.map { $0.reshape([$0.elementCount]) }, axis: 0)
    let none: Rule = [([0, 0], 1)]
    let noise = loss.streams.contains("noise") ? normal : none
    let law = settings.has("projection") ? settings.text("projection") : ""
    let slices = loss.streams.contains("projection") ? directions(law) : none
    var mean: [Double] = []
    var squares = (0.0, 0.0)
    for z in normal {
      var inputs = ["x": data.covariance.coloured(z.point)]
      for (parameter, values) in zip(model.parameters, parameters) {
        inputs[parameter.name] = values
      }
      for scalar in loss.scalars { inputs[scalar.name] = [scalar.value] }
      for e in noise {
        for v in slices {
          let found = Interpreter.evaluate([value, flat], inputs: inputs) { leaf, _ in
            leaf.stream == "noise" ? e.point : v.point
          }
          let weight = z.weight * e.weight * v.weight
          let all = found[0] + found[1]
          if mean.isEmpty { mean = [Double](repeating: 0, count: all.count) }
          mean = zip(mean, all).map { $0 + weight * $1 }
          squares.0 += weight * found[0][0] * found[0][0]
          squares.1 += weight * found[1].reduce(0) { $0 + $1 * $1 }
        }
      }
    }
    let gradient = mean.dropFirst().reduce(0) { $0 + $1 * $1 }
    return (squares.0 - mean[0] * mean[0], squares.1 - gradient)
  }

  static func settings(
    _ loss: String, model: String, skip: Bool, _ more: KeyValuePairs<String, SettingValue> = [:]
  ) -> SettingValue {
    var given = SettingValue.object([
      "data": .object([
        "type": .text("gaussian"),
        "covariance": .object(["type": .text("random-spectrum"), "condition": .number(5)]),
      ]),
      "loss": .text(loss),
      "model": .object(["type": .text(model), "hidden": .list([]), "skip": .boolean(skip)]),
      "training": .object(["batch": .number(1)]),
    ])
    for (name, value) in more { given = given.setting(name, to: value) }
    return trial(given)
  }

  static let models = [
    ("score-mlp", false), ("score-mlp", true), ("energy-mlp", false), ("energy-mlp", true),
  ]

  static func expectAgreement(_ settings: SettingValue, _ label: String) throws {
    let model = Models.make(settings["model"] ?? .null, dimension: 2)
    var numbers = TestNumbers(seed: 7)
    let parameters = model.parameters.map { numbers.normals($0.shape.reduce(1, *)) }
    let closedForm = try LinearScoreVariance(settings)
    let exact = (
      loss: closedForm.variance(of: .loss, at: parameters),
      gradient: closedForm.variance(of: .gradient, at: parameters)
    )
    let found = try bruteForce(settings, parameters)
    for (name, found, exact) in [
      ("loss", found.loss, exact.loss), ("gradient", found.gradient, exact.gradient),
    ] {
      #expect(
        (found - exact).magnitude < 1e-9 * max(1, exact), "\(label), \(name): \(found), \(exact)")
    }
  }

  @Test(arguments: models)
  func withoutDirectionsItIsTheVarianceOverAllNodes(_ model: String, _ skip: Bool) throws {
    for loss in ["esm", "ism"] {
      try Self.expectAgreement(Self.settings(loss, model: model, skip: skip), loss)
    }
    for isControlled in [false, true] {
      for weighting in ["sigma^0", "sigma^2", "sigma^4"] {
        let settings = Self.settings(
          "dsm", model: model, skip: skip,
          [
            "sigma": .number(0.6), "control_variate": .boolean(isControlled),
            "weighting": .text(weighting),
          ])
        try Self.expectAgreement(settings, "dsm \(isControlled) \(weighting)")
      }
    }
  }

  @Test(arguments: models, ["rademacher", "gaussian", "sphere", "unit-sphere"])
  func withDirectionsItIsTheVarianceOverAllNodes(_ model: (String, Bool), _ law: String) throws {
    var losses = ["ssm"]
    if law != "unit-sphere" {
      losses += ["ssm-vr", "fd-ssm-vr"] + (model.0 == "energy-mlp" ? ["fd-ssm", "fd-dsm"] : [])
    }
    for loss in losses {
      let settings = Self.settings(
        loss, model: model.0, skip: model.1,
        ["projection": .text(law), "sigma": .number(0.6), "epsilon": .number(0.5)])
      try Self.expectAgreement(settings, "\(loss) \(law)")
    }
  }

  /// Of the parts, the one over directions alone falls with their number; all falls with the rows.
  @Test func directionsAndRowsDivideIt() throws {
    func variances(_ loss: String, slices: Int, batch: Int) throws -> [Double] {
      let settings = Self.settings(
        loss, model: "score-mlp", skip: false,
        [
          "projection": .text("gaussian"), "slices": .number(Double(slices)),
          "training": .object(["batch": .number(Double(batch))]),
        ])
      let exact = try LinearScoreVariance(settings)
      return [.loss, .gradient].map {
        exact.variance(of: $0, at: [[-1, 0.3, 0.2, -0.7], [0.1, 0.2]])
      }
    }
    let exact = try variances("ism", slices: 1, batch: 1)
    for loss in ["ssm", "ssm-vr"] {
      let one = zip(try variances(loss, slices: 1, batch: 1), exact).map(-)
      let four = zip(try variances(loss, slices: 4, batch: 1), exact).map(-)
      #expect(relativeDifference(four.map { 4 * $0 }, one) < 1e-12)
      let rows = try variances(loss, slices: 4, batch: 8)
      #expect(
        relativeDifference(rows.map { 8 * $0 }, try variances(loss, slices: 4, batch: 1)) < 1e-12)
    }
  }

  /// The exact score of N(0, I) under signs: variance reduced, the loss varies by its norm alone, and
  /// the plain form by ½ E(‖x‖⁴ - Σ xᵢ⁴) more.
  @Test func ofTheExactScoreItIsTheTextbooks() throws {
    for d in [2, 5] {
      func variance(_ loss: String) throws -> Double {
        let settings = trial(
          .object([
            "data": .text("gaussian"), "dimension": .number(Double(d)), "loss": .text(loss),
            "model": .object(["type": .text("score-mlp"), "hidden": .list([])]),
            "training": .object(["batch": .number(1)]),
          ]))
        let identity = (0..<d * d).map { $0 / d == $0 % d ? -1.0 : 0 }
        let zero = [Double](repeating: 0, count: d)
        return try LinearScoreVariance(settings).variance(of: .loss, at: [identity, zero])
      }
      let norm = Double(d) / 2  // Var ½‖x‖²
      #expect(relativeDifference([try variance("ism")], [norm]) < 1e-13)
      #expect(relativeDifference([try variance("ssm-vr")], [norm]) < 1e-13)
      let more = Double(d * (d + 2) - 3 * d) / 2
      #expect(relativeDifference([try variance("ssm")], [norm + more]) < 1e-13)
      #expect(try variance("esm") == 0)
    }
  }

  @Test func whereNoClosedFormIsKnownThereIsNone() throws {
    let known = Self.settings("ssm", model: "score-mlp", skip: false)
    _ = try LinearScoreVariance(known)
    let others: [(String, SettingValue)] = [
      ("model.hidden", .list([.number(2)])), ("dimension", .number(65)), ("loss.type", .text("cp")),
      ("data.type", .text("student-t")),
    ]
    for (path, value) in others {
      #expect(throws: MetricAbsence.self, "\(path)") {
        try LinearScoreVariance(known.setting(path, to: value))
      }
    }
  }
}
