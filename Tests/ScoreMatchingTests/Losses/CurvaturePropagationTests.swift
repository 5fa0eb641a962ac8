// Seen to fail with the imaginary part added rather than taken away.
import Expressions
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct CurvaturePropagationTests {
  static let networks = [[3], [2, 3], [2, 2, 2]].flatMap { hidden in
    ["softplus", "tanh", "silu", "elu"].map { (hidden, $0) }
  }

  /// Random rows, and a random energy as its layers and as its score.
  static func example(
    _ hidden: [Int], dimension d: Int, activation: String = "softplus", skip: Bool = false,
    rows n: Int = 2, seed: UInt64 = 3
  ) throws -> (layers: LayeredEnergy, score: ScoreFunction, x: Tensor) {
    let (model, theta) = randomModel(
      "energy-mlp", dimension: d, hidden: hidden, activation: activation, skip: skip, seed: seed)
    var numbers = TestNumbers(seed: seed + 1)
    return (
      try #require(model.layers(at: theta)), model.score(at: theta),
      .literal(numbers.normals(n * d), [n, d])
    )
  }

  /// The estimate of each of all sign vectors at one row.
  static func estimates(_ layers: LayeredEnergy, at x: Tensor) -> [Double] {
    let width = layers.hiddenWidths.reduce(0, +)
    let signs = allSigns(rows: 1, dimension: width)
    return evaluate(
      (0..<1 << width).map { code in
        curvaturePropagation(layers, at: x, factors: signs.slice(axis: 0, code..<code + 1))
      }
    ).map { $0[0] }
  }

  static func variance(_ values: [Double]) -> Double {
    let (mean, error) = estimate(values)
    #expect(mean.isFinite)
    let n = Double(values.count)
    return error * error * (n - 1)  // over all of them, not a sample
  }

  @Test(arguments: networks)
  func averagedOverAllSignsItIsImplicitScoreMatching(
    _ hidden: [Int], _ activation: String
  ) throws {
    for d in 1...4 {
      let (layers, score, x) = try Self.example(
        hidden, dimension: d, activation: activation, skip: d % 2 == 0, seed: UInt64(d))
      let v = allSigns(rows: 2, dimension: hidden.reduce(0, +))
      let exact = number(implicitScoreMatching(score, at: x))
      let found = number(curvaturePropagation(layers, at: x, factors: v))
      #expect((found - exact).magnitude < 1e-11 * max(1, exact.magnitude))
    }
  }

  @Test func theBackwardPassIsTheModelsOwnGradient() throws {
    for hidden in [[], [4], [3, 5]] {
      let (layers, score, x) = try Self.example(hidden, dimension: 3, skip: true)
      let found = evaluate([layers.backward(at: x).gradient, -score(x)])
      #expect(relativeDifference(found[0], found[1]) < 1e-14)
    }
  }

  /// One hidden layer: 2 Σₖ≠ₗ (Re √mₖ √mₗ wₖ·wₗ)², where signs of m that differ give 0.
  @Test(arguments: 1...3)
  func withOneHiddenLayerItsVarianceIsThatOfTheHiddenGramMatrix(_ seed: Int) throws {
    let (layers, _, x) = try Self.example(
      [5], dimension: 3, activation: "tanh", rows: 1, seed: UInt64(seed))
    let bend = try #require(layers.backward(at: x).bends.first)
    let parts = evaluate([bend.curvature, bend.weight])
    let (m, w) = (parts[0], parts[1])
    var expected = 0.0
    for k in 0..<5 {
      for l in 0..<5 where l != k && m[k] * m[l] > 0 {
        let gram = (0..<3).reduce(0.0) { $0 + w[$1 * 5 + k] * w[$1 * 5 + l] }
        expected += 2 * m[k] * m[l] * gram * gram
      }
    }
    let found = Self.variance(Self.estimates(layers, at: x))
    #expect(relativeDifference([found], [expected]) < 1e-10)
  }

  @Test func withOrthogonalColumnsEverySignIsExact() throws {
    let weights: [Double] = [3, 4, 0, -4, 3, 0, 0, 0, 2]
    let layers = LayeredEnergy(
      weights: [.literal(weights, [3, 3]), .literal([1, -2, 0.5], [3, 1])],
      biases: [.literal([0.1, -0.2, 0.3], [3]), .zeros([1])], activation: .softplus)
    let x = Tensor.literal([0.1, -0.3, 0.2], [1, 3])
    let values = Self.estimates(layers, at: x)
    for value in values { #expect((value - values[0]).magnitude < 1e-12 * values[0].magnitude) }
  }

  @Test func itsGradientIsThatOfFiniteDifferencesInTheParameters() throws {
    let (model, theta) = randomModel("energy-mlp", dimension: 3, hidden: [4, 3], skip: true)
    var numbers = TestNumbers(seed: 8)
    let x = Tensor.literal(numbers.normals(12), [4, 3])
    let v = Tensor.literal(numbers.normals(56), [2, 4, 7])
    let error = gradientError(at: theta) { theta in
      model.layers(at: theta).map { curvaturePropagation($0, at: x, factors: v) } ?? 0
    }
    #expect(error < 1e-6)
  }

  /// An energy that is its quadratic part alone, -½ x A xᵀ on N(0, Σ): the minimum is A = -Σ⁻¹.
  @Test func theirMinimiserIsThePrecision() {
    let covariance = randomCovariance(dimension: 3, seed: 5)
    let x = Tensor.literal(LinearScoreTests.points(covariance).flatMap { $0 }, [6, 3])
    let losses: [(String, (LayeredEnergy) -> Tensor)] = [
      ("cp", { curvaturePropagation($0, at: x, factors: allSigns(rows: 6, dimension: 2)) }),
      ("approx-bp", { approximateBackPropagation($0, at: x) }),
    ]
    for (name, loss) in losses {
      let quadratic = { (p: Tensor) in
        loss(
          LayeredEnergy(
            weights: [.ones([3, 2]), .zeros([2, 1])], biases: [.zeros([2]), .zeros([1])],
            activation: .softplus, quadratic: -p))
      }
      expectMinimum(of: quadratic, at: LinearScoreTests.inverse(covariance), name)
    }
  }

  /// Beside Hutchinson's estimate with signs in the data's space, at ten networks with standard
  /// normal weights, the median of the ratios of variances: lower with one layer as wide as the data,
  /// about equal with several.
  @Test(arguments: [
    ([6], 6, 0.05...0.25), ([6], 3, 0.4...1.8), ([4, 4], 6, 0.3...1), ([3, 3, 3], 6, 0.4...1.4),
  ])
  func itsVarianceIsHutchinsonsOrLess(
    _ hidden: [Int], _ d: Int, _ range: ClosedRange<Double>
  ) throws {
    let ratios = try (1...10).map { seed in
      let (layers, score, x) = try Self.example(hidden, dimension: d, rows: 1, seed: UInt64(seed))
      let signs = allSigns(rows: 1, dimension: d)
      let hutchinson = evaluate(hutchinsonDivergence(of: score, at: x, along: signs))
      return Self.variance(Self.estimates(layers, at: x)) / Self.variance(hutchinson)
    }.sorted()
    #expect(range.contains(ratios[5]), "\(hidden), d \(d): \(ratios)")
  }
}
