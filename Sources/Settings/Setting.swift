/// The declaration of one thing that an experiment can say.
///
/// Declared once, beside the mathematics it sets; the planner's axes, the diagnostics, the JSON Schema,
/// the reference documentation and the factories all read it from here.
public struct Setting: Sendable {
  /// The JSON key, in lower snake case.
  public let name: String
  /// What its value may be.
  public let kind: SettingKind
  /// What holds where the experiment says nothing; nil where it must be said.
  public let defaultValue: SettingValue?
  /// One line for documentation and diagnostics.
  public let summary: String
  /// The unit of a number, where it has one ("data units", "seconds").
  public let unit: String?

  /// A setting with its key, kind, default, unit and one line about it.
  public init(
    _ name: String, _ kind: SettingKind, default defaultValue: SettingValue? = nil,
    unit: String? = nil, _ summary: String
  ) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.unit = unit
    self.summary = summary
  }
}

/// What a setting's value may be.
public indirect enum SettingKind: Sendable {
  /// True or false.
  case boolean
  /// A whole number in a range.
  case integer(ClosedRange<Int>)
  /// A number in a range.
  case real(RealRange)
  /// Any text.
  case text
  /// One of some names.
  case choice([Choice])
  /// Values of one kind, so many of them.
  case list(of: SettingKind, count: ClosedRange<Int>)
  /// An object with these keys and no others.
  case group([Setting])
  /// An object whose `type` names a variant and whose other keys are that variant's settings; the name
  /// alone is short for the object with nothing but its type.
  case variant([Variant])
  /// The name of a variant whose settings stand beside this one rather than inside it (`loss`, with
  /// `sigma` and `slices` as its neighbours, so that all three are plain axes).
  case selector([Variant])
  /// This kind, or null for "none".
  case optional(SettingKind)
}

/// A range of real numbers; NaN and infinities are never inside.
public struct RealRange: Sendable, Hashable {
  /// The lower end.
  public let lower: Double
  /// The upper end.
  public let upper: Double
  /// Whether the lower end itself is inside.
  public let includesLower: Bool
  /// Whether the upper end itself is inside.
  public let includesUpper: Bool

  /// The numbers between two ends.
  public init(
    from lower: Double = -.infinity, to upper: Double = .infinity,
    includesLower: Bool = true, includesUpper: Bool = true
  ) {
    self.lower = lower
    self.upper = upper
    self.includesLower = includesLower
    self.includesUpper = includesUpper
  }

  /// Every finite number.
  public static let any = RealRange()
  /// Numbers above 0.
  public static let positive = RealRange(from: 0, includesLower: false)
  /// 0 and above.
  public static let nonNegative = RealRange(from: 0)
  /// From 0 to 1, both inside.
  public static let unitInterval = RealRange(from: 0, to: 1)

  /// Whether a number is inside.
  public func contains(_ value: Double) -> Bool {
    guard value.isFinite else { return false }
    return (includesLower ? value >= lower : value > lower)
      && (includesUpper ? value <= upper : value < upper)
  }
}

/// One name that a choice allows, with what it means.
public struct Choice: Sendable, Hashable {
  /// The name in the experiment file.
  public let name: String
  /// One line about what it means.
  public let summary: String

  /// A name and what it means.
  public init(_ name: String, _ summary: String) {
    self.name = name
    self.summary = summary
  }
}

/// One of several things a `variant` or `selector` setting can name, with the settings it brings.
public struct Variant: Sendable {
  /// The name in the experiment file.
  public let name: String
  /// One line about what it is.
  public let summary: String
  /// The settings inside the variant's own object (for a selector: beside it, at the top of the trial).
  public let settings: [Setting]
  /// Settings at the top of the trial that apply because of this variant: `dimension` for a target that
  /// exists in every dimension.
  public let neighbours: [Setting]

  /// A variant with the settings it brings.
  public init(
    _ name: String, _ summary: String, _ settings: [Setting] = [], neighbours: [Setting] = []
  ) {
    self.name = name
    self.summary = summary
    self.settings = settings
    self.neighbours = neighbours
  }
}
