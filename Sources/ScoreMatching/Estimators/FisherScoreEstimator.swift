import Settings

/// The families of functions that a Fisher score is looked for among.
public enum FisherScoreEstimator: Sendable, Hashable {
  /// Linear in features of an observation: one solve.
  case linear(FisherScoreFeatures, ridge: Double)
  /// A small network.
  case network(FisherScoreNetwork.Design)

  /// Every family, in the order of documentation.
  static let declarations = [
    Variant("linear", "linear in the observation, by one solve", [ridge]),
    Variant("quadratic", "linear in the observation and in products of pairs of it", [ridge]),
    Variant(
      "mlp", "a multilayer perceptron, trained afresh at each step", FisherScoreNetwork.settings),
  ]

  private static let ridge = Setting(
    "ridge", .real(.nonNegative), default: .number(0),
    "penalty on squared coefficients, of features scaled to variance 1")

  /// The family that the value of `estimator` describes.
  init(_ settings: SettingValue) {
    switch settings.text("type") {
    case "mlp": self = .network(FisherScoreNetwork.Design(settings))
    case let type:
      self = .linear(
        type == "quadratic" ? .quadratic : .linear, ridge: settings.real("ridge"))
    }
  }

  /// The work of one estimate from so many simulations, in operations of a matrix product.
  public func work(simulations n: Int, dimension d: Int, parameterCount p: Int) -> Double {
    switch self {
    case .linear(let features, _):
      let k = Double(features.count(d))
      let m = min(Double(n), k)
      // Sums over simulations in four times what a loop's number takes, substitutions in seven times.
      return Metric.loopWork.number
        * (4 * Double(n) * k * (m / 2 + Double(p)) + 7 * m * m * (m / 3 + Double(p)))
    case .network(let design):
      let widths = [d] + design.hidden + [p]
      // Forward, backward to weights and to layers, and what is done to each element.
      let perRow = zip(widths, widths.dropFirst()).reduce(0) { $0 + 6 * ($1.0 + 10) * $1.1 }
      return Double(design.stepCount) * Double(n) * Double(perRow)
    }
  }
}

/// Features of an observation.
public enum FisherScoreFeatures: Sendable, Hashable {
  /// Its coordinates.
  case linear
  /// Its coordinates and the products of all pairs of them, squares included.
  case quadratic

  /// How many there are of d coordinates, the constant left out.
  public func count(_ d: Int) -> Int {
    switch self {
    case .linear: d
    case .quadratic: d + d * (d + 1) / 2
    }
  }

  /// The features of a centred observation.
  fileprivate func append(_ z: ArraySlice<Double>, to features: inout [Double]) {
    features += z
    guard self == .quadratic else { return }
    for i in z.indices {
      for j in z.startIndex...i { features.append(z[i] * z[j]) }
    }
  }
}

/// A Fisher score that is linear in features of an observation, fitted in closed form.
///
///     S(x) = t̄ + Bᵀ φ(x),   B = (C + λ I)⁻¹ c
///
/// φ are features centred and scaled to variance 1 over the simulations, C is their correlation and c their
/// covariance with t, so that S minimises ½‖S‖² - S·t in the mean, plus ½λ‖B‖². Without a ridge more simulations
/// than features are needed.
///
/// Reference: Khoo et al., "Direct Fisher score estimation for likelihood maximization", 2025, whose
/// S = Wᵀx has neither a constant nor a ridge.
public struct LinearFisherScore: Sendable {
  private let features: FisherScoreFeatures
  /// The mean of the observations, of their features, and 1 over the standard deviations of these.
  private let centre: [Double]
  private let means: [Double]
  private let scales: [Double]
  /// t̄.
  private let constant: [Double]
  /// B, one row of K coefficients for each parameter.
  private let coefficients: [[Double]]

  /// Fits the score to simulations.
  ///
  /// - Throws: ``QuadraticError`` where features depend on each other, or one has a single value.
  /// - Complexity: N K m/2 + m³/3 multiplications for K features, m the lesser of N and K.
  public init(
    _ simulations: LocalSimulations, features: FisherScoreFeatures, ridge: Double
  ) throws(QuadraticError) {
    let (d, p, n) = (simulations.dimension, simulations.parameterCount, simulations.count)
    let k = features.count(d)
    self.features = features
    centre = Moments.mean(of: simulations.rows, dimension: d)
    constant = Moments.mean(of: simulations.targets, dimension: p)
    var values = Self.raw(simulations.rows, features, centre)
    let means = Moments.mean(of: values, dimension: k)
    var squares = [Double](repeating: 0, count: k)
    for start in stride(from: 0, to: values.count, by: k) {
      for i in 0..<k {
        values[start + i] -= means[i]
        squares[i] += values[start + i] * values[start + i]
      }
    }
    if let index = squares.firstIndex(where: { !($0 > 0) }) {
      throw squares[index].isFinite ? .notConvex(parameter: index) : .notFinite
    }
    let scales = squares.map { 1 / ($0 / Double(n)).squareRoot() }
    for place in values.indices { values[place] *= scales[place % k] }
    let system = System(
      features: values, targets: simulations.targets, counts: (n, k, p), ridge: ridge)
    coefficients = n < k ? try system.solvedOverSimulations() : try system.solved()
    (self.means, self.scales) = (means, scales)
  }

  private static func raw(
    _ rows: [Double], _ features: FisherScoreFeatures, _ centre: [Double]
  ) -> [Double] {
    let centred = Moments.shifted(rows, by: centre)
    guard features != .linear else { return centred }
    var values: [Double] = []
    values.reserveCapacity(rows.count / centre.count * features.count(centre.count))
    for start in stride(from: 0, to: rows.count, by: centre.count) {
      features.append(centred[start..<start + centre.count], to: &values)
    }
    return values
  }

  /// The scores of observations, row-major [n, d] → [n, p].
  public func callAsFunction(_ rows: [Double]) -> [Double] {
    let values = Self.raw(rows, features, centre)
    let k = means.count
    var scores: [Double] = []
    scores.reserveCapacity(rows.count / centre.count * constant.count)
    for start in stride(from: 0, to: values.count, by: k) {
      for (mean, row) in zip(constant, coefficients) {
        var score = mean
        for i in 0..<k { score += row[i] * scales[i] * (values[start + i] - means[i]) }
        scores.append(score)
      }
    }
    return scores
  }
}

/// Ridge regression of targets on standardised features.
private struct System {
  /// φ, row-major [N, K].
  let features: [Double]
  /// t, row-major [N, p].
  let targets: [Double]
  let counts: (n: Int, k: Int, p: Int)
  let ridge: Double

  /// (ΦᵀΦ/N + λ I)⁻¹ Φᵀt/N for each parameter: K equations.
  func solved() throws(QuadraticError) -> [[Double]] {
    let (n, k, p) = counts
    var gram = [Double](repeating: 0, count: k * k)
    var cross = [Double](repeating: 0, count: p * k)
    for row in 0..<n {
      let start = row * k
      for i in 0..<k {
        let value = features[start + i]
        for j in 0...i { gram[i * k + j] += value * features[start + j] }
      }
      for a in 0..<p {
        let t = targets[row * p + a]
        for i in 0..<k { cross[a * k + i] += features[start + i] * t }
      }
    }
    let quadratic = try Self.quadratic(lower: gram, count: k, n, ridge)
    return (0..<p).map { a in
      quadratic.minimiser(gradient: cross[a * k..<(a + 1) * k].map { -$0 / Double(n) })
    }
  }

  /// The same as Φᵀ (ΦΦᵀ/N + λ I)⁻¹ t/N: N equations, where simulations are fewer than features.
  func solvedOverSimulations() throws(QuadraticError) -> [[Double]] {
    let (n, k, p) = counts
    var gram = [Double](repeating: 0, count: n * n)
    for row in 0..<n {
      for other in 0...row {
        var sum = 0.0
        for i in 0..<k { sum += features[row * k + i] * features[other * k + i] }
        gram[row * n + other] = sum
      }
    }
    let quadratic = try Self.quadratic(lower: gram, count: n, n, ridge)
    return (0..<p).map { a in
      let weights = quadratic.minimiser(
        gradient: (0..<n).map { -targets[$0 * p + a] / Double(n) })
      var row = [Double](repeating: 0, count: k)
      for number in 0..<n {
        for i in 0..<k { row[i] += weights[number] * features[number * k + i] }
      }
      return row
    }
  }

  /// The matrix over n, and a ridge, from its sums below the diagonal.
  private static func quadratic(
    lower: [Double], count: Int, _ n: Int, _ ridge: Double
  ) throws(QuadraticError) -> Quadratic {
    var matrix = lower
    for i in 0..<count {
      for j in 0...i {
        matrix[i * count + j] = matrix[i * count + j] / Double(n) + (i == j ? ridge : 0)
        matrix[j * count + i] = matrix[i * count + j]
      }
    }
    return try Quadratic(hessian: matrix, count: count)
  }
}
