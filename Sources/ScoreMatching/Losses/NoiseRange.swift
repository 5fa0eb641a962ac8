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

  let smallest: Double
  let largest: Double

  init(smallest: Double, largest: Double) { (self.smallest, self.largest) = (smallest, largest) }

  init(_ trial: SettingValue) {
    self.init(smallest: trial.real(Self.smallestName), largest: trial.real(Self.largestName))
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
