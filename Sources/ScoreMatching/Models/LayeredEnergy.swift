import Expressions

/// An energy as its layers: a perceptron with one output and, beside it, a quadratic part.
///
///     h₀ = x,  aₖ = hₖ Wₖ + bₖ,  hₖ₊₁ = φ(aₖ),  E(x) = a_L (- ½ x A xᵀ)
///
/// Losses that take second derivatives layer by layer see a model in this form and in no other.
public struct LayeredEnergy: Sendable {
  /// W₀, …, W_L, each [inputs, outputs], the last with one output.
  public let weights: [Tensor]
  /// b₀, …, b_L.
  public let biases: [Tensor]
  /// φ.
  public let activation: Activation
  /// A, [d, d], where there is a quadratic part.
  public let quadratic: Tensor?

  /// The energy with these layers.
  public init(
    weights: [Tensor], biases: [Tensor], activation: Activation, quadratic: Tensor? = nil
  ) {
    precondition(
      weights.count == biases.count && weights.last?.shape.last == 1,
      "layered energy: \(weights.map(\.shape)) are no layers with one output")
    self.weights = weights
    self.biases = biases
    self.activation = activation
    self.quadratic = quadratic
  }

  /// The widths of the hidden layers, first one first.
  public var hiddenWidths: [Int] { weights.dropLast().compactMap(\.shape.last) }

  /// A layer's nonlinearity at given points, as back-propagation meets it.
  struct Bend {
    /// Wₖ of the layer in front of it.
    let weight: Tensor
    /// φ'(aₖ), [n, h].
    let slope: Tensor
    /// φ''(aₖ) ∂E/∂hₖ₊₁, the curvature that this layer adds, [n, h].
    let curvature: Tensor
  }

  /// ∇E at rows [n, d], and each nonlinearity from the last one back to the first.
  ///
  /// - Complexity: one evaluation of the energy and one of its gradient.
  func backward(at x: Tensor) -> (gradient: Tensor, bends: [Bend]) {
    var preactivations: [Tensor] = []
    var h = x
    for (weight, bias) in zip(weights, biases).dropLast() {
      preactivations.append(matmul(h, weight) + bias)
      h = activation(preactivations[preactivations.count - 1])
    }
    let output = weights[weights.count - 1]
    var g = output.reshape([output.shape[0]]).broadcast(to: [x.shape[0], output.shape[0]])
    var bends: [Bend] = []
    for (a, weight) in zip(preactivations, weights).reversed() {
      let slope = jvp(activation.callAsFunction, at: a, along: .ones(a.shape)).tangent
      let bend = jvp(
        { jvp(activation.callAsFunction, at: $0, along: .ones(a.shape)).tangent }, at: a,
        along: .ones(a.shape)
      ).tangent
      bends.append(Bend(weight: weight, slope: slope, curvature: bend * g))
      g = matmul(slope * g, transpose(weight))
    }
    guard let quadratic else { return (g, bends) }
    return (g - (matmul(x, quadratic) + matmul(x, transpose(quadratic))) / 2, bends)
  }

  /// The trace of the quadratic part's own curvature, -tr A; nil without one.
  var quadraticTrace: Tensor? { quadratic.map { -einsum("aa->", $0) } }
}
