import Expressions
import Settings

/// Noise contrastive estimation: telling data from noise of a known density by logistic regression.
///
///     J(θ) = -E_x ln σ(G(x; θ)) - ν E_y ln σ(-G(y; θ)),   G(u; θ) = ln p(u; θ) - ln q(u) - ln ν
///
/// p need not be normalised: with ln p = -E - ln Z and ln Z one of the parameters, as in ``SelfNormalisedModel``,
/// the minimiser over all functions is the density of the data, ln Z its log normaliser, wherever q > 0. Where
/// q is the density of the data the least value is ln(1 + ν) + ν ln(1 + 1/ν), and an estimator from n rows
/// has 1 + 1/ν times the asymptotic covariance of maximum likelihood. Both terms are softplus functions, which
/// neither overflow nor lose the tails.
///
/// - Parameters:
///   - logDensity: the model's log density, [..., d] → [...].
///   - x: data, [n, d].
///   - y: noise, ν points beside each row, [n, ν, d].
///   - logNoise: ln q of the data, [n], and of the noise, [n, ν].
/// - Returns: the mean over rows, a scalar, in nats.
/// - Complexity: 1 + ν evaluations of the log density.
///
/// Reference: Gutmann & Hyvärinen, JMLR 13 (2012), 307-361, eqs. (2), (3) and (8).
public func noiseContrastiveEstimation(
  _ logDensity: EnergyFunction, at x: Tensor, noise y: Tensor, logNoise: (x: Tensor, y: Tensor)
) -> Tensor {
  let logRatio = Tensor.fill(Real.log(Double(y.shape[1])))
  let missed = softplus(logRatio + logNoise.x - logDensity(x))  // -ln σ(G)
  let mistaken = softplus(logDensity(y) - logNoise.y - logRatio)  // -ln σ(-G)
  return mean(missed + sum(mistaken, axes: [-1]))
}

struct ContrastiveObjective: Objective {
  static let name = "nce"
  static let summary =
    "noise contrastive estimation, logistic regression of data against noise; needs an energy, learns its "
    + "normaliser"
  static let settings = ContrastiveNoise.settings
  static let defaultModel = EnergyNetwork.declaration.name

  private let noise: ContrastiveNoise

  init(_ trial: SettingValue) { noise = ContrastiveNoise(trial) }

  var contrast: ContrastiveNoise? { noise }
  var streams: [String] { noise.streams }
  var unitPower: Int { 0 }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    guard let logDensity = model.logDensity else {
      preconditionFailure("loss nce: the model has no normaliser of its own")
    }
    let inputs = noise.inputs(rowCount: x.shape[0], dimension: x.shape[1])
    return noiseContrastiveEstimation(
      logDensity, at: x, noise: inputs.points,
      logNoise: (inputs.logDensityOfData, inputs.logDensityOfPoints))
  }
}
