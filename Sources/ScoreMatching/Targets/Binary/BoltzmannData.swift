import Expressions
import Randomness
import Settings

/// Bits of a fully visible Boltzmann machine of spins, drawn exactly from the table of all states.
///
///     ln p(x) = Σ_{i<j} Mᵢⱼ sᵢ sⱼ + Σᵢ bᵢ sᵢ - ln Z,   s = 2x - 1
///
/// `ring`: neighbours are coupled by 0.8 and -0.6 in turn, the chords from units 0 and 1 by 0.5 and -0.45; the
/// biases are 0.4 at unit 0 and -0.35 at the unit half-way round. `complete`: all couplings and biases are normal
/// with standard deviation 1/√d, drawn by the target's own seed. All are multiplied by `scale`.
///
/// Reference: the form of the experiment is that of Hyvärinen, Computational Statistics & Data Analysis 51 (2007),
/// section 5.
public struct BoltzmannData: BinaryData {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "boltzmann-machine", "bits of a Boltzmann machine of spins, drawn exactly; to 20 units",
    [
      Setting(
        "graph", .choice(CouplingGraph.choices), default: .text("ring"),
        "which pairs are coupled: a ring by fixed numbers, all by random ones"),
      Setting(
        "scale", .real(.nonNegative), default: .number(1),
        "what couplings and biases are multiplied by"),
      Targets.seedSetting,
    ] + Targets.counts, neighbours: [Targets.dimensionSetting])

  public let dimension: Int
  /// M, above the diagonal, row-major [d, d].
  public let couplings: [Double]
  /// b.
  public let biases: [Double]
  /// The machine that the value of `data` describes.
  public init(_ settings: SettingValue, dimension d: Int) {
    let graph: CouplingGraph = settings.choice("graph")
    let scale = settings.real("scale")
    var couplings = [Double](repeating: 0, count: d * d)
    var biases = [Double](repeating: 0, count: d)
    switch graph {
    case .ring:
      let pairs = graph.pairs(d)
      for (i, j) in pairs {
        let isLink = j == i + 1 || (i == 0 && j == d - 1)
        let place = i == 0 && j == d - 1 && d > 2 ? d - 1 : i
        let link = place.isMultiple(of: 2) ? 0.8 : -0.6
        couplings[i * d + j] = scale * (isLink ? link : i == 0 ? 0.5 : -0.45)
      }
      biases[0] = 0.4 * scale
      if d > 1 { biases[d / 2] = -0.35 * scale }
    case .complete:
      var generator = Targets.generator(settings, "boltzmann-machine couplings")
      let deviation = scale / Double(d).squareRoot()
      for (i, j) in graph.pairs(d) { couplings[i * d + j] = deviation * generator.normal() }
      for i in 0..<d { biases[i] = deviation * generator.normal() }
    }
    self.init(couplings: couplings, biases: biases)
  }

  /// The machine with these couplings, above the diagonal of [d, d], and biases.
  public init(couplings: [Double], biases: [Double]) {
    precondition(
      couplings.count == biases.count * biases.count,
      "boltzmann-machine: \(couplings.count) couplings of \(biases.count) units")
    dimension = biases.count
    self.couplings = couplings
    self.biases = biases
  }

  /// All states with their probabilities, made anew at each use: 2^d d² operations.
  private var table: StateTable {
    let d = dimension
    return StateTable(units: d) { state in
      let s = (0..<d).map { Double(2 * (state >> $0 & 1) - 1) }
      var sum = 0.0
      for i in 0..<d {
        var field = biases[i]
        for j in i + 1..<max(d, i + 1) { field += couplings[i * d + j] * s[j] }
        sum += field * s[i]
      }
      return sum
    }
  }

  public func logDensity(_ x: Tensor) -> Tensor {
    let s = 2 * x - 1
    let d = dimension
    return dot(s, matmul(s, .literal(couplings, [d, d]))) + dot(s, .literal(biases, [d]))
      - .fill(table.logNormaliser)
  }

  public func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    table.sample(count, using: &generator)
  }
}
