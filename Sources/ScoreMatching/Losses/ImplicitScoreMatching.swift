import Expressions
import Settings

/// Implicit score matching: the Fisher divergence after integration by parts.
///
///     J(θ) = E[ tr ∇ₓs(x; θ) + ½‖s(x; θ)‖² ]
///
/// Equals ``explicitScoreMatching(_:at:target:)`` minus ½E‖s*‖² where p s vanishes at infinity; its
/// least value is therefore -½E‖s*‖². The trace is exact.
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [n, d] → [n, d]; twice differentiable
///     energy.
///   - x: data, [n, d].
/// - Returns: the mean over rows, a scalar.
/// - Complexity: ``divergence(of:at:)``: d directions in general, O(h²) a row for a perceptron with
///   two hidden layers.
///
/// Reference: Hyvärinen, JMLR 6 (2005), eq. (4).
public func implicitScoreMatching(_ score: ScoreFunction, at x: Tensor) -> Tensor {
  let (s, divergence) = valueAndDivergence(of: score, at: x)
  return mean(divergence + dot(s, s) / 2)
}

struct ImplicitObjective: Objective {
  static let name = "ism"
  static let summary = "implicit score matching with the exact trace, E[tr grad s + 1/2 |s|^2]"

  init(_ trial: SettingValue) {}

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    implicitScoreMatching(model.score, at: x)
  }
}
