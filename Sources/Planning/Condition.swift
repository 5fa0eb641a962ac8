import Settings

/// A test of one setting of a trial, as `where` states it: `"dimension": {"above": 16}`.
public struct Condition: Sendable, Equatable {
  /// What a value must be.
  public enum Test: Sendable, Equatable {
    /// One of these values (a single value stands alone in the list).
    case oneOf([SettingValue])
    /// None of these values.
    case noneOf([SettingValue])
    /// A number that keeps all of these bounds, at least one.
    case within([Bound])
  }

  /// One end of a range of numbers.
  public struct Bound: Sendable, Equatable {
    /// How a number is compared with the bound.
    public enum Relation: String, Sendable, CaseIterable {
      /// Strictly greater.
      case above
      /// Strictly less.
      case below
      /// Greater or equal.
      case atLeast = "at_least"
      /// Less or equal.
      case atMost = "at_most"
    }

    /// What a number is compared with.
    public enum Limit: Sendable, Equatable {
      /// A number.
      case number(Double)
      /// What the trial says at this path.
      case setting(String)
    }

    /// How a number is compared.
    public let relation: Relation
    /// What it is compared with.
    public let limit: Limit

    /// A bound.
    public init(_ relation: Relation, _ limit: Limit) {
      self.relation = relation
      self.limit = limit
    }
  }

  /// The setting's name or dotted path.
  public let setting: String
  /// What its value must be.
  public let test: Test

  /// A condition on the setting at a path.
  public init(_ setting: String, _ test: Test) {
    self.setting = setting
    self.test = test
  }

  /// The paths that the condition looks at.
  public var paths: [String] {
    guard case .within(let bounds) = test else { return [setting] }
    return [setting]
      + bounds.compactMap { if case .setting(let path) = $0.limit { path } else { nil } }
  }

  /// Whether a trial meets the condition; one that lacks the setting, or a setting that bounds it, never
  /// does.
  ///
  /// A text matches the object with that `type`; an object matches one that says all it says.
  public func holds(in settings: SettingValue) -> Bool {
    holds(for: settings[setting], in: settings)
  }

  /// Whether a value of the setting meets the condition, among settings that may bound it.
  public func holds(for value: SettingValue?, in settings: SettingValue = .null) -> Bool {
    guard let value else { return false }
    switch test {
    case .oneOf(let wanted):
      return wanted.contains { $0.covers(value) }
    case .noneOf(let unwanted):
      return !unwanted.contains { $0.covers(value) }
    case .within(let bounds):
      guard case .number(let number) = value else { return false }
      return bounds.allSatisfy { $0.holds(for: number, in: settings) }
    }
  }

  /// The condition in words: "loss ism or ssm", "dimension above 16", "slices above dimension".
  public var words: String {
    switch test {
    case .oneOf(let values):
      setting + " " + SettingKind.enumerated(values.map(Axis.label), last: "or")
    case .noneOf(let values):
      setting + " not " + SettingKind.enumerated(values.map(Axis.label), last: "or")
    case .within(let bounds):
      setting + " " + bounds.map(\.words).joined(separator: " and ")
    }
  }
}

extension Condition.Bound {
  fileprivate func holds(for number: Double, in settings: SettingValue) -> Bool {
    let end: Double
    switch limit {
    case .number(let number): end = number
    case .setting(let path):
      guard case .number(let number) = settings[path] else { return false }
      end = number
    }
    return switch relation {
    case .above: number > end
    case .below: number < end
    case .atLeast: number >= end
    case .atMost: number <= end
    }
  }

  fileprivate var words: String {
    let relation = relation.rawValue.replacing("_", with: " ")
    return switch limit {
    case .number(let number): "\(relation) \(SettingValue.canonicalNumber(number))"
    case .setting(let path): "\(relation) \(path)"
    }
  }
}

extension SettingValue {
  /// Whether a trial's value says all that this one does: a text stands for the object with that `type`,
  /// an object for each that has its members, `{}` for each but null.
  func covers(_ value: SettingValue) -> Bool {
    switch (self, value) {
    case (.object(let members), .object), (.object(let members), .text):
      members.allSatisfy { member in value[member.name].map { member.value.covers($0) } ?? false }
    case (.text, .object):
      value["type"] == self
    default:
      self == value
    }
  }
}

/// Combinations that the experiment leaves out, with the reason.
public struct Exclusion: Sendable, Equatable {
  /// All must hold for a combination to be left out.
  public let conditions: [Condition]
  /// The reason the file gives, if any.
  public let because: String?

  /// The reason the file gives, else what is left out, in words.
  public var reason: String {
    because ?? conditions.map(\.words).joined(separator: ", ")
  }

  /// Whether the exclusion leaves a trial out.
  public func matches(_ settings: SettingValue) -> Bool {
    conditions.allSatisfy { $0.holds(in: settings) }
  }
}
