// Seen to fail with the second hidden layer not added to the first.
import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct PerceptronTests {
  static func model(
    _ type: String, _ members: KeyValuePairs<String, SettingValue>, dimension: Int,
    seed: UInt64 = 3
  ) throws -> (model: any ScoreModel, theta: [Tensor]) {
    let declaration = try #require(Models.declarations.first { $0.name == type })
    let given = SettingValue.object(members).setting("type", to: .text(type))
    let model = Models.make(completed(declaration.settings, given), dimension: dimension)
    var numbers = TestNumbers(seed: seed)
    let theta = model.parameters.map { parameter in
      Tensor.literal(numbers.normals(parameter.shape.reduce(1, *)), parameter.shape)
    }
    return (model, theta)
  }

  static func widths(_ numbers: Int...) -> SettingValue {
    .list(numbers.map { .number(Double($0)) })
  }

  @Test func aResidualNetworkIsItsFormula() throws {
    let (model, theta) = try Self.model(
      "score-mlp",
      [
        "hidden": Self.widths(3, 3, 3), "residual": .boolean(true), "activation": .text("tanh"),
      ], dimension: 2)
    let values = theta.map { evaluate($0) }
    func affine(_ h: [Double], _ layer: Int) -> [Double] {
      let (weight, bias) = (values[2 * layer], values[2 * layer + 1])
      return bias.indices.map { j in
        h.indices.reduce(bias[j]) { $0 + h[$1] * weight[$1 * bias.count + j] }
      }
    }
    let bend = { (h: [Double]) in h.map(ElementaryFunction.tanh.evaluate) }
    let x = [0.3, -0.7]
    let h1 = bend(affine(x, 0))
    let h2 = zip(h1, bend(affine(h1, 1))).map(+)
    let h3 = zip(h2, bend(affine(h2, 2))).map(+)
    let found = evaluate(model.score(.literal(x, [1, 2]), theta))
    #expect(relativeDifference(found, affine(h3, 3)) < 1e-14)
    #expect(model.architecture == "score-mlp-2-3-3-3-2-tanh-residual")
    #expect(model.parameters.map(\.shape).prefix(3) == [[2, 3], [3], [3, 3]])
  }

  @Test(arguments: ["score-mlp", "energy-mlp"])
  func residualNetworksHaveTheRightDerivatives(_ type: String) throws {
    let (model, theta) = try Self.model(
      type, ["hidden": Self.widths(4, 4), "residual": .boolean(true), "skip": .boolean(true)],
      dimension: 3)
    var numbers = TestNumbers(seed: 1)
    let points = numbers.normals(12)
    let x = Tensor.literal(points, [4, 3])
    let score = model.score(at: theta)
    #expect(
      gradientError(at: theta) { theta in
        implicitScoreMatching(model.score(at: theta), at: x)
      } < 1e-6)
    let trace = evaluate(divergence(of: score, at: x))
    #expect(relativeDifference(trace, differences(of: score, points, [4, 3])) < 1e-7)
    let stacked = model.score(.literal(points, [2, 2, 3]), theta)
    #expect(stacked.shape == [2, 2, 3])
    #expect(relativeDifference(evaluate(stacked), evaluate(score(x))) < 1e-14)
  }

  @Test func layersThatCannotBeAddedAreRefused() {
    func refusal(_ hidden: SettingValue) -> Refusal? {
      ScoreMatchingSettingsTests.refusal([
        "data": .object(["type": .text("gaussian")]), "loss": .text("ism"),
        "model": .object([
          "type": .text("score-mlp"), "hidden": hidden, "residual": .boolean(true),
        ]),
      ])
    }
    #expect(refusal(Self.widths(8, 8)) == nil)
    #expect(refusal(Self.widths(8, 9))?.settings == ["model.residual", "model.hidden"])
    #expect(refusal(Self.widths(8))?.settings == ["model.residual", "model.hidden"])
  }
}

/// The trace of a field's Jacobian at each row by central differences.
func differences(of field: ScoreFunction, _ points: [Double], _ shape: Shape) -> [Double] {
  let (n, d) = (shape[0], shape[1])
  let h = 1e-5
  return (0..<n).map { row in
    (0..<d).reduce(0.0) { total, i in
      let ends = [h, -h].map { step -> Double in
        var moved = points
        moved[row * d + i] += step
        return evaluate(field(.literal(moved, shape)))[row * d + i]
      }
      return total + (ends[0] - ends[1]) / (2 * h)
    }
  }
}
