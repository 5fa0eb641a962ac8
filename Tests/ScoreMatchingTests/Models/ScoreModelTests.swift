// Seen to fail with the sign of the energy's gradient turned, the skip added twice, silu as tanh,
// elu's exponential unguarded, and He's variance halved.
import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct ScoreModelTests {
  @Test func theScoreNetworkIsItsFormula() {
    let (model, theta) = randomModel("score-mlp", dimension: 2, hidden: [3], skip: true)
    let x = [0.3, -0.7]
    let values = theta.map { evaluate($0) }
    let hidden = (0..<3).map { j -> Double in
      let sum = x[0] * values[0][j] + x[1] * values[0][3 + j] + values[1][j]
      return ElementaryFunction.softplus.evaluate(sum)
    }
    let expected = (0..<2).map { k -> Double in
      let bent = (0..<3).reduce(0.0) { $0 + hidden[$1] * values[2][2 * $1 + k] }
      let linear = x[0] * values[4][k] + x[1] * values[4][2 + k]
      return values[3][k] + bent + linear
    }
    let found = evaluate(model.score(.literal(x, [1, 2]), theta))
    #expect(relativeDifference(found, expected) < 1e-14)
  }

  @Test(arguments: Activation.allCases)
  func theActivationsAreTheirFormulas(_ activation: Activation) {
    let points = [-30, -2, -0.5, 0.25, 3, 800]
    let expected = points.map { x -> Double in
      switch activation {
      case .softplus: ElementaryFunction.softplus.evaluate(x)
      case .tanh: ElementaryFunction.tanh.evaluate(x)
      case .silu: x * ElementaryFunction.sigmoid.evaluate(x)
      case .elu: x > 0 ? x : ElementaryFunction.expMinusOne.evaluate(x)
      case .relu: max(x, 0)
      }
    }
    #expect(relativeDifference(evaluate(activation(.literal(points, [6]))), expected) < 1e-15)
    let slope = gradient(of: { sum(activation($0)) }, at: .literal(points, [6]))
    for value in evaluate(slope) { #expect(value.isFinite) }
  }

  @Test(arguments: [false, true])
  func theEnergyNetworksScoreIsMinusTheGradientOfItsEnergy(_ skip: Bool) {
    let settings = completed(
      Perceptron.settings, .object(["hidden": .list([.number(4)]), "skip": .boolean(skip)]))
    let model = EnergyNetwork(settings, dimension: 3)
    var numbers = TestNumbers(seed: 2)
    let theta = model.parameters.map {
      Tensor.literal(numbers.normals($0.shape.reduce(1, *)), $0.shape)
    }
    let point = numbers.normals(3)
    let h = 1e-5
    let expected = (0..<3).map { i -> Double in
      var (above, below) = (point, point)
      above[i] += h
      below[i] -= h
      let energies = [above, below].map { evaluate(model.energy(.literal($0, [1, 3]), theta))[0] }
      return (energies[1] - energies[0]) / (2 * h)
    }
    let score = evaluate(model.score(.literal(point, [1, 3]), theta))
    #expect(relativeDifference(score, expected) < 1e-9)
  }

  @Test func theEnergyNetworksJacobianIsSymmetricAndTheScoreNetworksIsNot() {
    for (type, isSymmetric) in [("energy-mlp", true), ("score-mlp", false)] {
      let (model, theta) = randomModel(type, dimension: 2, skip: true)
      let jacobian = evaluate(
        jvp(
          model.score(at: theta), at: .literal([0.2, -0.4], [1, 2]),
          along: Tensor.delta(2).reshape([2, 1, 2])
        ).tangent)
      #expect(((jacobian[1] - jacobian[2]).magnitude < 1e-12) == isSymmetric)
    }
  }

  @Test(arguments: ["score-mlp", "energy-mlp"])
  func leadingAxesAreJustMoreRows(_ type: String) {
    let (model, theta) = randomModel(type, dimension: 2, skip: true)
    var numbers = TestNumbers(seed: 6)
    let values = numbers.normals(12)
    let stacked = model.score(.literal(values, [2, 3, 2]), theta)
    #expect(stacked.shape == [2, 3, 2])
    let flat = model.score(.literal(values, [6, 2]), theta)
    #expect(relativeDifference(evaluate(stacked), evaluate(flat)) < 1e-14)
  }

  @Test func theSkipOfAnEnergyFitsAGaussianExactly() {
    let (model, theta) = randomModel("energy-mlp", dimension: 2, hidden: [], skip: true)
    let flat = [Tensor.zeros([2, 1]), theta[1], .literal([-2, -0.5, -0.5, -3], [2, 2])]
    let score = evaluate(model.score(.literal([1, 2], [1, 2]), flat))
    #expect(score == [-3, -6.5])
  }

  @Test func namesAndShapesDescribeTheNetwork() {
    let (model, _) = randomModel("score-mlp", dimension: 8, hidden: [64, 32], skip: true)
    #expect(model.architecture == "score-mlp-8-64-32-8-softplus-skip")
    #expect(
      model.parameters.map(\.name) == [
        "layer0.weight", "layer0.bias", "layer1.weight", "layer1.bias", "layer2.weight",
        "layer2.bias", "skip.weight",
      ])
    #expect(
      model.parameters.map(\.shape) == [[8, 64], [64], [64, 32], [32], [32, 8], [8], [8, 8]])
    #expect(model.parameterCount == 8 * 64 + 64 + 64 * 32 + 32 + 32 * 8 + 8 + 64)
    let (energy, _) = randomModel("energy-mlp", dimension: 8, activation: "elu")
    #expect(energy.architecture == "energy-mlp-8-5-4-1-elu")
  }

  @Test func initialValuesHaveTheLawTheyAreDeclaredWith() {
    var generator = RandomGenerator(StreamKey(bits: 5))
    for (initialisation, variance) in [
      (Initialisation.glorot, 2.0 / 300), (.lecun, 1.0 / 100), (.he, 2.0 / 100),
      (.fanIn, 1.0 / 300),
    ] {
      let values = initialisation.weight(100, 200).draw(20_000, using: &generator)
      let (mean, error) = estimate(values)
      #expect(mean.magnitude < 4 * error)
      let (square, squareError) = estimate(values.map { $0 * $0 })
      #expect((square - variance).magnitude < 4 * squareError)
    }
    #expect(Initialisation.glorot.bias(7) == .zeros)
    #expect(InitialLaw.diagonal(-1).draw(4, using: &generator) == [-1, 0, 0, -1])
    let (model, _) = randomModel("score-mlp", dimension: 3)
    var (one, two) = (RandomGenerator(StreamKey(bits: 9)), RandomGenerator(StreamKey(bits: 9)))
    let first = model.initialValues(using: &one)
    #expect(first == model.initialValues(using: &two))
    #expect(first.map(\.count) == model.parameters.map { $0.shape.reduce(1, *) })
  }
}
