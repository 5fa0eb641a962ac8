// Seen to fail with the slope of a nonlinearity in place of its square.
import Expressions
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct ApproximateBackPropagationTests {
  @Test(arguments: ["softplus", "tanh", "silu", "elu"])
  func withOneHiddenLayerItIsImplicitScoreMatching(_ activation: String) throws {
    for d in 1...5 {
      for hidden in [[], [6]] {
        let (layers, score, x) = try CurvaturePropagationTests.example(
          hidden, dimension: d, activation: activation, skip: d % 2 == 0, seed: UInt64(d))
        let exact = number(implicitScoreMatching(score, at: x))
        let found = number(approximateBackPropagation(layers, at: x))
        #expect((found - exact).magnitude < 1e-12 * max(1, exact.magnitude))
      }
    }
  }

  /// Layers after the first that do not mix, whatever order they put their units in.
  @Test func withLaterWeightsThatDoNotMixItIsImplicitScoreMatching() {
    var numbers = TestNumbers(seed: 2)
    let later: [Double] = [0, -1.5, 0, 0.7, 0, 0, 0, 0, 2]
    let layers = LayeredEnergy(
      weights: [
        .literal(numbers.normals(12), [4, 3]), .literal(later, [3, 3]), .literal(later, [3, 3]),
        .literal(numbers.normals(3), [3, 1]),
      ],
      biases: [3, 3, 3, 1].map { .literal(numbers.normals($0), [$0]) }, activation: .tanh)
    let x = Tensor.literal(numbers.normals(8), [2, 4])
    let energy: EnergyFunction = { x in
      var h = x
      for (w, b) in zip(layers.weights, layers.biases).dropLast() { h = tanh(matmul(h, w) + b) }
      return sum(matmul(h, layers.weights[3]), axes: [-1])
    }
    let exact = number(
      implicitScoreMatching({ x in -gradient(of: { sum(energy($0)) }, at: x) }, at: x))
    let found = number(approximateBackPropagation(layers, at: x))
    #expect(relativeDifference([found], [exact]) < 1e-13)
  }

  /// What lies off the diagonal behind the first nonlinearity, and nothing else.
  @Test func withTwoHiddenLayersItsBiasIsWhatItLeavesOut() throws {
    for seed in 1...3 {
      let (layers, score, x) = try CurvaturePropagationTests.example(
        [4, 3], dimension: 3, activation: "tanh", rows: 1, seed: UInt64(seed))
      let bends = layers.backward(at: x).bends  // the last one first
      let second = einsum(
        "ka,a,la->kl", bends[0].weight, bends[0].curvature.reshape([3]), bends[0].weight)
      let first = bends[1].weight * bends[1].slope
      let all = einsum("ik,kl,il->", first, second, first)
      let diagonal = einsum("ik,kk,ik->", first, second, first)
      let exact = number(implicitScoreMatching(score, at: x))
      let found = number(approximateBackPropagation(layers, at: x))
      let missed = number(all - diagonal)
      #expect(missed.magnitude > 0.01)
      #expect(relativeDifference([found - exact], [missed]) < 1e-11)
    }
  }

  @Test func itsGradientIsThatOfFiniteDifferencesInTheParameters() throws {
    let (model, theta) = randomModel("energy-mlp", dimension: 3, hidden: [4, 3], skip: true)
    var numbers = TestNumbers(seed: 8)
    let x = Tensor.literal(numbers.normals(12), [4, 3])
    let error = gradientError(at: theta) { theta in
      model.layers(at: theta).map { approximateBackPropagation($0, at: x) } ?? 0
    }
    #expect(error < 1e-6)
  }

  /// The missed part of the trace relative to the trace, the median of twenty networks of width 16 on 8
  /// coordinates with weights and biases of variance 1/inputs.
  @Test(arguments: [(1, 0...1e-14), (2, 0.1...0.25), (3, 0.15...0.4), (4, 0.2...0.5)])
  func itsBiasGrowsWithDepth(_ depth: Int, _ range: ClosedRange<Double>) throws {
    let hidden = [Int](repeating: 16, count: depth)
    let ratios = try (1...20).map { seed -> Double in
      let settings = completed(
        Perceptron.settings,
        .object([
          "type": .text("energy-mlp"), "hidden": .list(hidden.map { .number(Double($0)) }),
        ]))
      let model = Models.make(settings, dimension: 8)
      var numbers = TestNumbers(seed: UInt64(seed))
      let theta = model.parameters.map { parameter in
        let scale = (1 / Double(parameter.shape[0])).squareRoot()
        return Tensor.literal(
          numbers.normals(parameter.shape.reduce(1, *)).map { scale * $0 }, parameter.shape)
      }
      let x = Tensor.literal(numbers.normals(32), [4, 8])
      let layers = try #require(model.layers(at: theta))
      let exact = number(mean(divergence(of: model.score(at: theta), at: x)))
      let bias =
        number(approximateBackPropagation(layers, at: x))
        - number(implicitScoreMatching(model.score(at: theta), at: x))
      return bias.magnitude / exact.magnitude
    }.sorted()
    #expect(range.contains(ratios[10]), "depth \(depth): \(ratios)")
  }
}
