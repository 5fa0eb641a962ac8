import Expressions
import Settings

/// Score matching with the trace of the Hessian estimated by curvature propagation.
///
///     J(θ) = E_x E_v [ ½‖∇E(x; θ)‖² - Re S Sᵀ ],   E_v[S Sᵀ] = tr ∇²E(x; θ)
///     S ← (S ∘ φ'(aₖ) + √(φ''(aₖ) ∂E/∂hₖ₊₁) ∘ vₖ) Wₖᵀ   from the last layer to the first, S = 0 before
///
/// Each nonlinearity adds its own curvature as the square of a random factor; the square root of a
/// negative one is imaginary, and real and imaginary parts are carried apart. Equals
/// ``implicitScoreMatching(_:at:)`` in expectation when E[v vᵀ] = I, for every network. With one
/// hidden layer, signs v and columns of W₀ that are orthogonal it is exact for every v; in general
/// its variance is then 2 Σₖ≠ₗ (Re √mₖ √mₗ wₖ·wₗ)², with m the curvatures and w the columns. At
/// random weights that was a tenth of that of ``hutchinsonDivergence(of:at:along:)`` with as many
/// hidden units as coordinates, and about as much as it with more units or more layers. The gradient
/// of √m grows without bound as m goes to 0, so that the loss's gradient in θ has heavy tails:
/// curvatures below 2⁻⁴⁰ count as 0. A quadratic part is exact.
///
/// - Parameters:
///   - energy: the model's layers.
///   - x: data, [n, d].
///   - v: factors for all hidden units, the first layer's first, [n, Σ h], or M of them, [M, n, Σ h].
/// - Returns: the mean over rows and slices, a scalar.
/// - Complexity: one evaluation of the energy's gradient, and two more backward passes for each of
///   the M factors.
///
/// Reference: Martens, Sutskever & Swersky, ICML 2012, arXiv:1206.6464, the estimate S(V) S(V)ᵀ.
public func curvaturePropagation(
  _ energy: LayeredEnergy, at x: Tensor, factors v: Tensor
) -> Tensor {
  let (gradient, bends) = energy.backward(at: x)
  var (real, imaginary) = (Tensor.zeros([]), Tensor.zeros([]))
  var end = energy.hiddenWidths.reduce(0, +)
  for bend in bends {
    let start = end - bend.weight.shape[1]
    let own = v.slice(axis: v.rank - 1, start..<end)
    real = propagated(real, own, safeSquareRoot(bend.curvature), bend)
    imaginary = propagated(imaginary, own, safeSquareRoot(-bend.curvature), bend)
    end = start
  }
  let norm = mean(dot(gradient, gradient)) / 2 - (energy.quadraticTrace ?? 0)
  return bends.isEmpty ? norm : norm - mean(dot(real, real) - dot(imaginary, imaginary))
}

/// One part of S behind a layer, from that in front of it.
private func propagated(
  _ s: Tensor, _ v: Tensor, _ root: Tensor, _ bend: LayeredEnergy.Bend
) -> Tensor {
  let added = root * v
  return matmul(s.rank == 0 ? added : bend.slope * s + added, transpose(bend.weight))
}

/// The square root of what is above 2⁻⁴⁰, else 0 with derivative 0.
private func safeSquareRoot(_ x: Tensor) -> Tensor {
  select(less(0x1p-40, x), squareRoot(maximum(x, 0x1p-40)), 0)
}

struct CurvaturePropagationObjective: Objective {
  static let name = "cp"
  static let summary = "curvature propagation: random factors through an energy network's layers"
  static let settings = Slices.settings

  private let slices: Slices

  init(_ trial: SettingValue) { slices = Slices(trial) }

  var streams: [String] { [Slices.stream] }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    let layers = model.requiredLayers
    return curvaturePropagation(
      layers, at: x, factors: slices.draw([x.shape[0], layers.hiddenWidths.reduce(0, +)]))
  }
}
