import Settings

/// The range of noise scales of a loss that trains a network for all of them.
struct NoiseRange: Sendable, Hashable {
  /// The scalar inputs that carry the ends.
  static let (smallestName, largestName) = ("sigma_min", "sigma_max")
  /// σ_min where nothing says it.
  static let defaultSmallest = 0.1
  /// σ_max where nothing says it.
  static let defaultLargest = 10.0
  static let settings = [
    Setting(
      largestName, .real(.positive), default: .number(defaultLargest), unit: "data units",
      "the largest noise scale, about the largest distance between data"),
    Setting(
      smallestName, .real(.positive), default: .number(defaultSmallest), unit: "data units",
      "the smallest noise scale, what is left of the noise in the end"),
  ]

  /// The settings that a range follows from, and what to do with them so that it reaches further.
  struct Ends: Sendable {
    let settings: [String]
    let smaller: String
    let larger: String
  }

  static let ends = Ends(
    settings: [smallestName, largestName], smaller: "lower the loss's \(smallestName)",
    larger: "raise the loss's \(largestName)")

  let smallest: Double
  let largest: Double

  init(smallest: Double, largest: Double) { (self.smallest, self.largest) = (smallest, largest) }

  init(_ trial: SettingValue) {
    self.init(smallest: trial.real(Self.smallestName), largest: trial.real(Self.largestName))
  }

  /// Settings for what follows a flow of noise, each null for the trial's own.
  static let flowSettings = [
    Setting(
      largestName, .optional(.real(.positive)), default: .null, unit: "data units",
      "the largest noise scale; null for the largest that the trial's loss trains, where it trains "
        + "none for the largest distance between training rows"),
    Setting(
      smallestName, .optional(.real(.positive)), default: .null, unit: "data units",
      "the smallest noise scale; null for the smallest that the trial's loss trains, where it trains "
        + "none for 0.1"),
  ]

  /// The range that ``flowSettings`` ask for: what is null is the trained one, where there is none 0.1
  /// and the largest distance between rows, at least ten times the smallest scale.
  ///
  /// - Parameters:
  ///   - settings: those of the sampler or the metric.
  ///   - trial: the complete settings of the trial.
  ///   - rows: the training data, row-major; none where only sizes or refusals are asked for.
  ///   - dimension: the number of coordinates.
  init(
    _ settings: SettingValue, trial: SettingValue, rows: [Double] = [], dimension: Int = 1
  ) {
    let trained = Losses.noiseRange(of: trial)
    smallest =
      settings.has(Self.smallestName)
      ? settings.real(Self.smallestName) : trained?.smallest ?? Self.defaultSmallest
    if settings.has(Self.largestName) {
      largest = settings.real(Self.largestName)
    } else if let trained {
      largest = trained.largest
    } else {
      let distance =
        rows.isEmpty
        ? Self.defaultLargest : Self.largestDistance(between: rows, dimension: dimension)
      largest = max(distance, 10 * smallest)
    }
  }

  /// Rows that distances are taken between: the first ones.
  private static let distanceRows = 1000

  /// The largest distance between two rows, of the first 1000.
  ///
  /// - Complexity: O(n² d).
  ///
  /// Reference: Song & Ermon, NeurIPS 2020, technique 1, arXiv:2006.09011.
  static func largestDistance(between rows: [Double], dimension d: Int) -> Double {
    let count = min(rows.count / d, distanceRows)
    var largest = 0.0
    for i in 0..<count {
      for j in 0..<i {
        var square = 0.0
        for k in 0..<d {
          let difference = rows[i * d + k] - rows[j * d + k]
          square += difference * difference
        }
        largest = max(largest, square)
      }
    }
    return largest.squareRoot()
  }

  /// Whether a range lies in this one, but for rounding.
  func contains(_ other: NoiseRange) -> Bool {
    other.smallest >= smallest * (1 - 1e-9) && other.largest <= largest * (1 + 1e-9)
  }

  /// Both ends in words, to four digits that lie inside.
  var words: String {
    "from \(Self.digits(smallest, .up)) to \(Self.digits(largest, .down))"
  }

  private static func digits(_ value: Double, _ rule: FloatingPointRoundingRule) -> String {
    guard value > 0, value.isFinite else { return "\(value)" }
    var (scaled, exponent) = (value, 0)
    while scaled >= 1e4 { (scaled, exponent) = (scaled / 10, exponent + 1) }
    while scaled < 1e3 { (scaled, exponent) = (scaled * 10, exponent - 1) }
    let isShort = (scaled - scaled.rounded()).magnitude < 1e-9 * scaled
    let rounded = isShort ? scaled.rounded() : scaled.rounded(rule)
    let power = (0..<exponent.magnitude).reduce(1.0) { product, _ in product * 10 }
    return SettingValue.canonicalNumber(exponent < 0 ? rounded / power : rounded * power)
  }

  var scalars: [ScalarValue] {
    [ScalarValue(Self.largestName, largest), ScalarValue(Self.smallestName, smallest)]
  }

  /// Ends in the wrong order; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial.has(smallestName), trial.has(largestName),
      trial.real(smallestName) >= trial.real(largestName)
    else { return nil }
    return Refusal(
      [smallestName, largestName], because: "the smallest noise scale is not below the largest",
      remedy: "Give sigma_min below sigma_max.")
  }
}
