import Expressions
import Settings

/// How a network's input and output are scaled with the noise level σ.
///
/// With r² = σ² + σ_d², σ_d the standard deviation of the data in each coordinate, the score is
///
///     s(x, σ) = -x/r² + (σ_d/(σ r)) F(x/r, σ)      denoiser
///     s(x, σ) = F(x, σ)/σ                          inverse-sigma
public enum Preconditioning: String, Sendable, Hashable, CaseIterable {
  /// The denoiser x + σ²s is c_skip x + c_out F(c_in x) with c_skip = σ_d²/r², c_out = σ σ_d/r and
  /// c_in = 1/r: input and target of the network have variance 1 at every level, and F = 0 is the
  /// score of N(0, σ_d²I).
  ///
  /// Reference: Karras, Aittala, Aila & Laine, NeurIPS 2022, eq. (7) and table 1, with the score of
  /// eq. (3), arXiv:2206.00364.
  case denoiser
  /// The network divided by σ.
  ///
  /// Reference: Song & Ermon, NeurIPS 2020, technique 3, arXiv:2006.09011.
  case inverseSigma = "inverse-sigma"

  static let choices = [
    Choice(
      "denoiser", "input and target of the network have variance 1 at every level; Karras et al."),
    Choice("inverse-sigma", "the network divided by sigma, as NCSNv2 does"),
  ]
}

/// A perceptron that knows the noise level of the points it is given.
///
///     hₖ₊₁ = φ(hₖ Wₖ + bₖ + e(σ) Uₖ),  e(σ) = (sin ωⱼ ln σ, cos ωⱼ ln σ)ⱼ,  ωⱼ = 2ʲ/4
///
/// The frequencies are fixed; Uₖ, `noise0.weight` [2 frequencies, h₁], …, is learned, one for each
/// hidden layer. (Features of ln σ added to each layer are what Song et al., ICLR 2021,
/// arXiv:2011.13456, condition their networks with; theirs have random frequencies.)
public struct NoiseConditioning: Sendable, Hashable {
  /// The perceptron.
  public let network: Perceptron
  /// The number of frequencies.
  public let frequencyCount: Int
  /// How input and output are scaled.
  public let preconditioning: Preconditioning
  /// σ_d, the standard deviation that the data are taken to have in each coordinate.
  public let dataScale: Double

  /// The conditioning that a model's settings describe.
  init(_ settings: SettingValue, inputs: Int, outputs: Int) {
    network = Perceptron(settings, inputs: inputs, outputs: outputs)
    frequencyCount = settings.integer("frequencies")
    preconditioning = settings.choice("preconditioning")
    dataScale = settings.real("data_scale")
  }

  /// The network's parameters, then the weights of the features.
  public var parameters: [Parameter] {
    let features = 2 * frequencyCount
    let hidden = network.widths.dropFirst().dropLast()
    return network.parameters
      + hidden.enumerated().map { layer, width in
        Parameter(
          "noise\(layer).weight", [features, width],
          initial: network.initialisation.weight(features, width))
      }
  }

  /// F, given σ with a last axis of extent 1.
  func callAsFunction(_ x: Tensor, _ sigma: Tensor, _ theta: [Tensor]) -> Tensor {
    let features = features(sigma)
    let weights = theta[(2 * (network.widths.count - 1))...]
    let scaled = preconditioning == .denoiser ? x / radius(sigma) : x
    return network(scaled, theta, shifts: weights.map { matmul(features, $0) })
  }

  /// r, the standard deviation of a noisy coordinate.
  func radius(_ sigma: Tensor) -> Tensor {
    squareRoot(square(sigma) + .fill(dataScale * dataScale))
  }

  /// e(σ), [..., 1] → [..., 2 frequencies].
  func features(_ sigma: Tensor) -> Tensor {
    var (rates, phases) = ([Double](), [Double]())
    var rate = 0.25
    for _ in 0..<frequencyCount {
      rates += [rate, rate]
      phases += [0, .pi / 2]  // a cosine is a sine a quarter turn on
      rate *= 2
    }
    let shape = [2 * frequencyCount]
    return sine(log(sigma) * .literal(rates, shape) + .literal(phases, shape))
  }

  /// What fixes the shapes and the numbers beside the parameters, as a name.
  var label: String {
    "\(network.label)-\(frequencyCount)-\(preconditioning.rawValue)-\(dataScale)"
  }

  /// What a model of this name that is built on it needs to be rebuilt.
  func structure(_ model: String, _ dimension: Int) -> [SettingValue.Member] {
    network.structure(model, skip: false, dimension) + [
      SettingValue.Member("frequencies", .number(Double(frequencyCount))),
      SettingValue.Member("preconditioning", .text(preconditioning.rawValue)),
      SettingValue.Member("data_scale", .number(dataScale)),
    ]
  }

  /// The settings of every noise-conditional model.
  ///
  /// Their nonlinearity is SiLU unless told otherwise, as usual for diffusion models: on a toy in the
  /// plane it and tanh came within 1 % of the least denoising loss where softplus was 10 % above it,
  /// after as many steps.
  static let settings: [Setting] =
    Perceptron.network(activation: .silu) + [
      Setting(
        "frequencies", .integer(1...32), default: .number(4),
        "sines and cosines of log sigma that tell the network the noise level"),
      Setting(
        "preconditioning", .choice(Preconditioning.choices), default: .text("denoiser"),
        "how input and output of the network are scaled with sigma"),
      Setting(
        "data_scale", .real(.positive), default: .number(1), unit: "data units",
        "standard deviation of a coordinate of the data that preconditioning reckons with"),
    ]
}

/// A model of the data's score at every noise level.
public protocol NoiseConditionalModel: ScoreModel {
  /// The noise scale of its score, and of its energy, where none is given: the smallest that its
  /// loss trains.
  var smallestScale: Double { get set }
}

extension Tensor {
  /// One number for each point as a last axis of extent 1, to multiply coordinates by.
  var column: Tensor { expanded(at: rank) }

  /// Without a last axis of extent 1.
  var withoutColumn: Tensor { reshape(Array(shape.dropLast())) }
}
