import Expressions
import Settings

/// Estimating the weights of a mixture whose normals are known: the family in which separated modes show
/// how much an objective throws away.
///
/// Reference: Koehler, Heckett & Risteski, ICLR 2023, arXiv:2210.00726.
struct WeightEstimation: Sendable {
  private let model: MixtureModel
  private let target: GaussianMixture
  private let loss: TrainingLoss
  private let rowCount: Int
  /// Whether the loss is least at the weights of the data.
  private let isConsistent: Bool

  /// The estimation that a trial makes.
  ///
  /// - Throws: where it learns other things, or other normals' weights.
  init(_ trial: SettingValue, target: (any Target)?) throws(MetricAbsence) {
    let target = try (target as? GaussianMixture).orAbsent("the data are no mixture of normals")
    guard trial["model.type"] == .text("mixture"), let loss = TrainingLoss(trial) else {
      throw MetricAbsence("the model is no mixture of normals")
    }
    let model = MixtureModel(trial["model"] ?? .null, dimension: target.dimension)
    guard model.learned == [.weights], model.componentCount > 1 else {
      throw MetricAbsence("the model learns not just the weights of several normals")
    }
    guard model.givenMeans == target.mixture.nodes else {
      throw MetricAbsence("the means of the model are not those of the data")
    }
    (self.model, self.target, self.loss) = (model, target, loss)
    rowCount = trial.integer("data.train")
    let scale = trial.real("model.scale")
    isConsistent = scale * scale == target.mixture.variance
  }

  /// The squared error of the first weight, times the number of training rows: over repeats its mean is
  /// n times the estimator's variance and squared bias.
  ///
  ///     n (ŵ₁ - w₁)²
  ///
  /// - Complexity: one softmax over the components.
  ///
  /// Reference: Koehler, Heckett & Risteski, ICLR 2023, section 3.
  var error: Metric {
    Metric(
      unit: "1", "squared error of the first weight, times the training rows",
      .mean { _, _ in squaredError })
  }

  private var squaredError: Tensor {
    let weights = exp(model.logWeights(model.states))
    let truth = Real.exp(target.mixture.logWeights[0])
    return .fill(Double(rowCount)) * square(sum(weights.slice(axis: 0, 0..<1)) - .fill(truth))
  }

  /// What ``error`` tends to as rows are added: n times the variance of the first weight, by the sandwich
  /// formula, its means over the data by quadrature in one dimension.
  ///
  ///     jᵀ H⁻¹ V H⁻¹ j,   V = E[∇ℓ ∇ℓᵀ],  H = E[∇²ℓ],  j = ∂w₁/∂logits
  ///
  /// ℓ is the loss at one point, as a function of the logits, at the weights of the data.
  ///
  /// Throws in more dimensions than one, where the loss draws anything, where it is not least at
  /// the weights of the data, and where two means are more than ``farthest`` scales apart: there the
  /// quadrature needs more memory than it is worth, and what is left between the modes is rounding.
  ///
  /// - Complexity: the loss, its gradient and K - 1 tangents of that at each point of the quadrature,
  ///   10 (20 + r) max(1, r) of them where the means span r scales; once.
  ///
  /// Reference: van der Vaart, "Asymptotic Statistics", theorem 5.23.
  func asymptoticVariance() throws(MetricAbsence) -> Metric {
    try checkQuadrature()
    let weights = target.mixture.logWeights.map { Real.exp($0) }
    return Metric(
      unit: "1", "asymptotic variance of the first weight, times the training rows",
      .rows(
        { _, _ in sandwich },
        { parts in Self.variance(of: weights, noise: parts[0], hessian: parts[1]) }))
  }

  /// ``error`` over ``asymptoticVariance()``: 1 on average over repeats, once rows are many.
  ///
  ///     n (ŵ₁ - w₁)² / (jᵀ H⁻¹ V H⁻¹ j)
  ///
  /// Throws where ``asymptoticVariance()`` does.
  ///
  /// Reference: van der Vaart, "Asymptotic Statistics", theorem 5.23.
  func ratio() throws(MetricAbsence) -> Metric {
    try checkQuadrature()
    let weights = target.mixture.logWeights.map { Real.exp($0) }
    return Metric(
      unit: "1", "squared error of the first weight over its asymptotic variance",
      .rows(
        { _, _ in sandwich + [squaredError] },
        { parts in parts[2][0] / Self.variance(of: weights, noise: parts[0], hessian: parts[1]) }))
  }

  private func checkQuadrature() throws(MetricAbsence) {
    guard target.dimension == 1 else {
      throw MetricAbsence("it is an integral over one dimension, and the data have more")
    }
    guard loss.streams.isEmpty, loss.contrast == nil else {
      throw MetricAbsence("the loss draws random numbers")
    }
    guard isConsistent else {
      throw MetricAbsence("the scale of the model is not that of the data")
    }
    guard span <= Self.farthest * scale else {
      throw MetricAbsence("two means are more than \(Self.farthest) scales apart")
    }
  }

  /// V and H, [K - 1, K - 1].
  private var sandwich: [Tensor] {
    let free = model.componentCount - 1
    let logWeights = target.mixture.logWeights
    let truth = logWeights.dropLast().map { $0 - logWeights[free] }
    let (points, step) = nodes
    let count = points.count
    let x = Tensor.literal(points, [count, 1])
    // Each point has logits of its own, so that one gradient is the gradients of all points' losses.
    let logits = Tensor.literal((0..<count).flatMap { _ in truth }, [count, free])
    let exact = loss.needsTargetScore ? target.score(x) : nil
    let slope = { (logits: Tensor) in
      gradient(
        of: { .fill(Double(count)) * loss(model.subject(at: [$0]), at: x, target: exact) },
        at: logits)
    }
    let directions = (0..<free).flatMap { k in
      (0..<count).flatMap { _ in (0..<free).map { $0 == k ? 1.0 : 0 } }
    }
    let (gradients, columns) = jvp(
      slope, at: logits, along: .literal(directions, [free, count, free]))
    let mass = exp(target.logDensity(x)) * .fill(step)
    return [
      einsum("n,ni,nj->ij", mass, gradients, gradients), einsum("n,jni->ij", mass, columns),
    ]
  }

  /// The most scales between two means, see ``asymptoticVariance()``.
  private static let farthest = 40.0

  private var scale: Double { target.mixture.variance.squareRoot() }

  /// Between the outermost means.
  private var span: Double {
    (target.mixture.nodes.max() ?? 0) - (target.mixture.nodes.min() ?? 0)
  }

  /// Points for the trapezium rule, ten standard deviations beyond the outermost means.
  ///
  /// For functions that vanish at both ends its error falls like exp(-2πa/step), a the distance of the
  /// nearest pole from the real line. The score has poles where the density vanishes, for two normals of
  /// equal scale at πσ²/separation, and what is integrated is large around them.
  private var nodes: (points: [Double], step: Double) {
    let low = (target.mixture.nodes.min() ?? 0) - 10 * scale
    let high = (target.mixture.nodes.max() ?? 0) + 10 * scale
    let step = min(scale, scale * scale / span) / 10
    return ((0...Int((high - low) / step)).map { low + step * Double($0) }, step)
  }

  private static func variance(
    of weights: [Double], noise v: [Double], hessian h: [Double]
  ) -> Double {
    let free = weights.count - 1
    guard let inverse = Cholesky(h, count: free)?.inverse else { return .nan }
    let slope = (0..<free).map { weights[0] * (($0 == 0 ? 1 : 0) - weights[$0]) }
    let u = (0..<free).map { i in
      (0..<free).reduce(0) { $0 + inverse[i * free + $1] * slope[$1] }
    }
    return (0..<free * free).reduce(0) { $0 + u[$1 / free] * v[$1] * u[$1 % free] }
  }
}
