import Randomness
import Settings

/// The data that an experiment can name.
public enum Targets {
  /// Every kind of data, in the order of documentation.
  public static let declarations: [Variant] =
    [
      Gaussian.declaration, GaussianMixture.declaration, StudentT.declaration,
      IndependentComponents.declaration,
    ] + Toys.declarations
    + [GammaProduct.exponential, GammaProduct.declaration, TruncatedNormal.declaration]
    + ofBits
    + TableData.declarations

  /// Data of 0 and 1.
  private static let ofBits = [BoltzmannData.declaration, BarsAndStripes.declaration]

  /// Whether a trial's data are points of 0 and 1.
  static func areBits(_ trial: SettingValue) -> Bool {
    let type = trial["data.type"]
    return ofBits.contains { type == .text($0.name) }
  }

  /// The distribution that a trial's settings describe; nil for data without a known density, and for
  /// simulators.
  ///
  /// - Parameter trial: the complete settings of a trial.
  public static func make(_ trial: SettingValue) -> (any Target)? {
    let data = trial["data"] ?? .null
    guard !TableData.describes(data), !Simulators.describes(data) else { return nil }
    switch trial.text("data.type") {
    case "gaussian": return Gaussian(data, dimension: trial.integer("dimension"))
    case "gaussian-mixture": return GaussianMixture(data, dimension: trial.integer("dimension"))
    case "student-t": return StudentT(data, dimension: trial.integer("dimension"))
    case "ica":
      return IndependentComponents(
        data, dimension: trial.integer("dimension"),
        repetition: trial.has("repeat") ? trial.integer("repeat") : 0)
    case "exponential", "gamma":
      return GammaProduct(data, dimension: trial.integer("dimension"))
    case "truncated-normal": return TruncatedNormal(data, dimension: trial.integer("dimension"))
    case "boltzmann-machine":
      return BoltzmannData(data, dimension: trial.integer("dimension"))
    case "bars-and-stripes": return BarsAndStripes(data)
    case let toy: return Toys.make(toy, tau: data.real("tau"))
    }
  }

  /// Where the data of a trial live, without making their distribution; nil where they do not say it.
  static func support(_ trial: SettingValue) -> Support? {
    let data = trial["data"] ?? .null
    guard !TableData.describes(data), !Simulators.describes(data) else { return nil }
    switch trial.text("data.type") {
    case "exponential", "gamma": return .nonNegative
    case "truncated-normal": return Support(data)
    default: return .everywhere
    }
  }

  /// The number of coordinates that a trial's settings say; nil for data whose file has to be read.
  static func dimension(_ trial: SettingValue) -> Int? {
    if trial.has("dimension") { return trial.integer("dimension") }
    let type = trial["data.type"]
    if type == .text(BarsAndStripes.declaration.name) {
      let side = trial.integer("data.side")
      return side * side
    }
    return Toys.declarations.contains { type == .text($0.name) } ? 2 : nil
  }

  /// How many points a trial draws for each purpose, settings of every target.
  static let counts = [
    Setting(
      "train", .integer(1...100_000_000), default: .number(10000), unit: "rows",
      "points to learn from"),
    Setting(
      "validation", .integer(1...100_000_000), default: .number(500), unit: "rows",
      "points to stop and to choose settings by"),
    Setting(
      "test", .integer(1...100_000_000), default: .number(5000), unit: "rows",
      "points to report metrics on"),
  ]

  static let dimensionSetting = Setting(
    "dimension", .integer(1...4096), default: .number(2), "number of coordinates of the data")

  static let seedSetting = Setting(
    "target_seed", .integer(0...1_000_000_000), default: .number(0),
    "which of the random targets: not the data drawn from it")

  /// The generator of what is random in the target itself; it depends on `target_seed` alone.
  static func generator(_ data: SettingValue, _ purpose: String) -> RandomGenerator {
    var hash = SHA256()
    hash.update("\(purpose) \(data.integer("target_seed"))")
    let bits = hash.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return RandomGenerator(StreamKey(bits: bits))
  }
}
