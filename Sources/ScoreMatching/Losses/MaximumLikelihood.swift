import Expressions
import Settings

/// Maximum likelihood: the negative mean log density, for models that are normalised.
///
///     J(θ) = -E ln p(x; θ)
///
/// Its minimiser over all densities is the density of the data, its least value their entropy. No
/// estimator without bias has a smaller asymptotic variance, so it is what the others are held against.
///
/// - Parameters:
///   - logDensity: the model's normalised log density, [n, d] → [n].
///   - x: data, [n, d].
/// - Returns: the mean over rows, a scalar, in nats.
/// - Complexity: one evaluation of the log density.
///
/// Reference: Fisher, Philosophical Transactions A 222 (1922), 309-368.
public func maximumLikelihood(_ logDensity: EnergyFunction, at x: Tensor) -> Tensor {
  -mean(logDensity(x))
}

struct LikelihoodObjective: Objective {
  static let name = "ml"
  static let summary = "maximum likelihood, -E ln p; needs a model with a normalised density"

  init(_ trial: SettingValue) {}

  var unitPower: Int { 0 }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    guard let logDensity = model.logDensity else {
      preconditionFailure("loss ml: the model has no normalised density")
    }
    return maximumLikelihood(logDensity, at: x)
  }
}
