import Settings

/// A test of one setting of a trial, as `where` states it: `"dimension": {"above": 16}`.
public struct Condition: Sendable, Equatable {
  /// What a value must be.
  public enum Test: Sendable, Equatable {
    /// One of these values (a single value stands alone in the list).
    case oneOf([SettingValue])
    /// A number strictly above and strictly below the bounds that are given.
    case between(above: Double?, below: Double?)
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

  /// Whether a value of the setting meets the condition; an absent one never does.
  ///
  /// A text matches the object with that `type`; an object matches one that says all it says.
  public func matches(_ value: SettingValue?) -> Bool {
    guard let value else { return false }
    switch test {
    case .oneOf(let wanted):
      return wanted.contains { Self.covers($0, value) }
    case .between(let above, let below):
      guard case .number(let number) = value else { return false }
      return above.map { number > $0 } ?? true && below.map { number < $0 } ?? true
    }
  }

  /// The condition in words: "loss ism or ssm", "dimension above 16".
  public var words: String {
    switch test {
    case .oneOf(let values):
      return setting + " " + SettingKind.enumerated(values.map(Axis.label), last: "or")
    case .between(let above, let below):
      let bounds = [
        above.map { "above " + SettingValue.canonicalNumber($0) },
        below.map { "below " + SettingValue.canonicalNumber($0) },
      ]
      return setting + " " + bounds.compactMap { $0 }.joined(separator: " and ")
    }
  }

  private static func covers(_ wanted: SettingValue, _ value: SettingValue) -> Bool {
    switch (wanted, value) {
    case (.object(let members), _):
      return members.allSatisfy { member in
        value[member.name].map { covers(member.value, $0) } ?? false
      }
    case (.text, .object):
      return value["type"] == wanted
    default:
      return wanted == value
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
    conditions.allSatisfy { $0.matches(settings[$0.setting]) }
  }
}
