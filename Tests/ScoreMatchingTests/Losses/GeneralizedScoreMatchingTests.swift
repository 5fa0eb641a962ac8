// Seen to fail with the derivative of the weight left out, and with ln(1 + 2x) for ln(1 + x).
import Execution
import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct GeneralizedScoreMatchingTests {
  static let weights: [BoundaryWeight] = [
    .distance, .capped(0.4), .logarithm, .square, .nearest,
  ]
  static let box = Support(lower: -0.5, upper: 1)

  static func loss(
    _ weight: BoundaryWeight, _ support: Support, _ score: ScoreFunction, at x: Tensor
  ) -> Tensor {
    generalizedScoreMatching(score, at: x) { weight($0, on: support) }
  }

  /// A constant score -λ on the half-line: J = -λ E h' + ½ λ² E h.
  @Test func onTheHalfLineAConstantScoreHasTheLossOfTheMomentsOfH() {
    let rows = [0.3, 1.2, 0.7, 2.5]
    let rate = 1.7
    let x = Tensor.literal(rows, [4, 1])
    let expected: [(BoundaryWeight, (Double) -> (h: Double, slope: Double))] = [
      (.distance, { ($0, 1) }),
      (.capped(1), { (min($0, 1), $0 < 1 ? 1 : 0) }),
      (.logarithm, { (Real.log(1 + $0), 1 / (1 + $0)) }),
      (.square, { ($0 * $0, 2 * $0) }),
      (.nearest, { ($0, 1) }),
    ]
    for (weight, h) in expected {
      let value = number(Self.loss(weight, .nonNegative, { .fill(-rate, $0.shape) }, at: x))
      let closed = rows.reduce(0) {
        $0 + (rate * rate * h($1).h / 2 - rate * h($1).slope) / 4
      }
      #expect(relativeDifference([value], [closed]) < 1e-14, "\(weight)")
    }
  }

  /// Uniform data have s* = 0, so J is ½ E Σ h s² for every score, whose h alone vanishes at the
  /// boundary: the midpoint rule on a fine grid.
  @Test(arguments: weights.indices, ["score-mlp", "energy-mlp"])
  func onABoxItIsTheWeightedDivergenceToTheExactScore(_ index: Int, _ type: String) {
    let weight = Self.weights[index]
    let (model, theta) = randomModel(type, dimension: 2)
    func axis(_ count: Int) -> [Double] {
      let width = Self.box.upper - Self.box.lower
      return (0..<count).map { Self.box.lower + width * (Double($0) + 0.5) / Double(count) }
    }
    // No point has two coordinates equally far from their bounds, and kinks of h lie between points.
    let x = Tensor.literal(axis(90).flatMap { a in axis(120).flatMap { [a, $0] } }, [90 * 120, 2])
    let s = model.score(x, theta)
    let divergence = number(mean(dot(weight(x, on: Self.box), square(s)) / 2))
    let loss = number(Self.loss(weight, Self.box, model.score(at: theta), at: x))
    #expect(relativeDifference([loss], [divergence]) < 1e-2, "\(weight)")
    // Without a weight the boundary's share is missing.
    let plain = number(implicitScoreMatching(model.score(at: theta), at: x))
    #expect(relativeDifference([plain], [number(mean(dot(s, s) / 2))]) > 0.05)
  }

  /// The definition, term for term, with derivatives of s and h by central differences.
  @Test(arguments: weights.indices)
  func itIsTheSumOverCoordinatesOfItsDefinition(_ index: Int) {
    let weight = Self.weights[index]
    let (model, theta) = randomModel("score-mlp", dimension: 3)
    var numbers = TestNumbers(seed: 4)
    let rows = (0..<12).map { _ in numbers.uniform(-0.45, 0.95) }
    let values = { (points: [Double]) -> (s: [Double], h: [Double]) in
      let x = Tensor.literal(points, [4, 3])
      return (evaluate(model.score(x, theta)), evaluate(weight(x, on: Self.box)))
    }
    let (s, h) = values(rows)
    let step = 1e-6
    var total = 0.0
    for i in 0..<3 {
      func moved(_ sign: Double) -> (s: [Double], h: [Double]) {
        values(rows.indices.map { rows[$0] + ($0 % 3 == i ? sign * step : 0) })
      }
      let (ahead, behind) = (moved(1), moved(-1))
      for row in 0..<4 {
        let k = row * 3 + i
        let slope = (ahead.s[k] - behind.s[k]) / (2 * step)
        let weightSlope = (ahead.h[k] - behind.h[k]) / (2 * step)
        total += h[k] * (slope + s[k] * s[k] / 2) + weightSlope * s[k]
      }
    }
    let loss = number(
      Self.loss(weight, Self.box, model.score(at: theta), at: .literal(rows, [4, 3])))
    #expect(relativeDifference([loss], [total / 4]) < 1e-8)
  }

  @Test(arguments: weights.indices, ["score-mlp", "energy-mlp"])
  func itsGradientInTheParametersIsThatOfFiniteDifferences(_ index: Int, _ type: String) {
    let (model, theta) = randomModel(type, dimension: 3)
    var numbers = TestNumbers(seed: 8)
    let x = Tensor.literal((0..<15).map { _ in numbers.uniform(0.05, 2) }, [5, 3])
    let error = gradientError(at: theta) { parameters in
      Self.loss(Self.weights[index], .nonNegative, model.score(at: parameters), at: x)
    }
    #expect(error < 1e-8)
  }

  static func refusal(_ members: KeyValuePairs<String, SettingValue>) -> Refusal? {
    GeneralizedObjective.refusal(trial(.object(members)))
  }

  @Test func dataWithoutABoundaryAreRefused() {
    let loss = SettingValue.text(GeneralizedObjective.name)
    func data(_ type: String) -> SettingValue {
      .object(["type": .text(type), "path": .text("x.csv")])
    }
    #expect(
      Self.refusal(["data": data("gaussian"), "loss": loss])?.settings == ["loss", "data.type"])
    for type in ["exponential", "gamma", "truncated-normal"] {
      #expect(Self.refusal(["data": data(type), "loss": loss]) == nil)
    }
    #expect(Self.refusal(["data": data("csv"), "loss": loss])?.settings == ["loss", "support"])
    let bounds = SettingValue.object(["lower": .number(0)])
    #expect(Self.refusal(["data": data("csv"), "loss": loss, "support": bounds]) == nil)
    #expect(
      Self.refusal(["data": data("gamma"), "loss": loss, "support": bounds])?.settings.first
        == "support")
    let none = SettingValue.object(["lower": .number(0), "upper": .number(0)])
    #expect(Self.refusal(["data": data("csv"), "loss": loss, "support": none]) != nil)
    let stopping = SettingValue.object([
      "early_stopping": .object(["metric": .text("validation_implicit_score_matching")])
    ])
    #expect(Self.refusal(["data": data("gamma"), "loss": loss, "training": stopping]) != nil)
  }

  @Test func weightsThatADensityOrAScoreOutgrowsAreRefused() {
    func refused(_ type: String, shape: Double? = nil, _ statistic: String, _ weight: String)
      -> Bool
    {
      var data = SettingValue.object(["type": .text(type)])
      if let shape { data = data.setting("shape", to: .number(shape)) }
      let model = SettingValue.object([
        "type": .text("exponential-family"),
        "statistics": .list([.text("x"), .text(statistic)]),
      ])
      return Self.refusal([
        "data": data, "model": model, "boundary_weight": .object(["type": .text(weight)]),
        "loss": .text("generalized-ism"),
      ]) != nil
    }
    for weight in ["x", "min(x,c)", "log(1+x)", "min_i x_i"] {
      #expect(refused("gamma", shape: 0.7, "x^2", weight))
      #expect(refused("exponential", "log x", weight))
      #expect(refused("truncated-normal", "log x", weight))
      #expect(refused("gamma", shape: 1, "log x", weight))
      #expect(!refused("gamma", shape: 1.5, "log x", weight))
      #expect(!refused("exponential", "x^2", weight))
    }
    #expect(!refused("gamma", shape: 0.7, "log x", "x^2"))
    #expect(!refused("truncated-normal", "log x", "x^2"))
  }
}
