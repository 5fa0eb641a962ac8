import Expressions
import Settings

/// Score matching with the Hessian's diagonal back-propagated layer by layer, its other elements
/// left out.
///
///     J(θ) = E[ ½‖∇E(x; θ)‖² - Σᵢ cᵢ ],   c ≈ diag ∇²E(x; θ)
///     c ← (c ∘ φ'(aₖ)² + φ''(aₖ) ∂E/∂hₖ₊₁) (Wₖ ∘ Wₖ)ᵀ   from the last layer to the first, c = 0 before
///
/// Exact where no layer but the first mixes what lies behind a nonlinearity: for one hidden layer,
/// and for more where every later weight has at most one element in a row and a column. Elsewhere it
/// is biased: with two hidden layers it misses Σₖ≠ₗ (W₀ᵀW₀)ₖₗ φ'ₖ φ'ₗ (W₁ diag(m) W₁ᵀ)ₖₗ, with m the
/// curvatures of the second: about a sixth of the trace at random weights of variance 1/inputs, and a
/// quarter with three or four hidden layers. A model can lower the loss by what is missed, so that
/// training may go far off where implicit score matching converges. A quadratic part is exact.
///
/// - Parameters:
///   - energy: the model's layers.
///   - x: data, [n, d].
/// - Returns: the mean over rows, a scalar.
/// - Complexity: one evaluation of the energy's gradient and one more backward pass.
///
/// Reference: Kingma & LeCun, NeurIPS 2010, "Regularized estimation of image statistics by score
/// matching", with the diagonal of Becker & LeCun, 1989.
public func approximateBackPropagation(_ energy: LayeredEnergy, at x: Tensor) -> Tensor {
  let (gradient, bends) = energy.backward(at: x)
  var diagonal = Tensor.zeros([])
  for bend in bends {
    let behind =
      diagonal.rank == 0 ? bend.curvature : diagonal * square(bend.slope) + bend.curvature
    diagonal = matmul(behind, transpose(square(bend.weight)))
  }
  let norm = mean(dot(gradient, gradient)) / 2 - (energy.quadraticTrace ?? 0)
  return bends.isEmpty ? norm : norm - mean(sum(diagonal, axes: [-1]))
}

struct ApproximateBackPropagationObjective: Objective {
  static let name = "approx-bp"
  static let summary =
    "the Hessian's diagonal through an energy network's layers, all else of it left out"

  init(_ trial: SettingValue) {}

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    approximateBackPropagation(model.requiredLayers, at: x)
  }
}
