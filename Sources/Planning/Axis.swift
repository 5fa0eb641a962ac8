import Settings

/// One thing that varies in an experiment, with its values in the order of the file.
public struct Axis: Sendable, Equatable {
  /// The setting's name or dotted path: `sigma`, `training.optimizer.learning_rate`; `repeat` is always
  /// the last axis.
  public let name: String
  /// What tables and results call each value: all numbers, all booleans or all texts, no two equal.
  ///
  /// A value that is none of these (a list of layer widths, a variant with settings) is its label:
  /// the variant's type where that tells the values apart, else canonical JSON; null is "none".
  public let values: [SettingValue]
  /// What each value sets.
  public let settings: [SettingValue]
  /// The unit of the numbers, where the setting has one.
  public let unit: String?
  /// One line about the setting.
  public let summary: String

  /// An axis whose display values are derived from what it sets.
  init(
    name: String, settings: [SettingValue], unit: String?, summary: String
  ) {
    self.name = name
    self.settings = settings
    self.unit = unit
    self.summary = summary
    values = Self.displayValues(of: settings)
  }

  /// The values as text, for people: `0.05`, `dsm`, `true`.
  public var labels: [String] {
    values.map(Self.label)
  }
}

extension Axis {
  /// A value as a word: texts without quotes, a variant without settings as its type.
  static func label(_ value: SettingValue) -> String {
    switch value {
    case .null: "none"
    case .text(let text): text
    case .object(let members) where members.count == 1 && members[0].name == "type":
      label(members[0].value)
    default: value.canonicalJSON
    }
  }

  private static func displayValues(of settings: [SettingValue]) -> [SettingValue] {
    let plain =
      settings.allSatisfy { if case .number = $0 { true } else { false } }
      || settings.allSatisfy { if case .boolean = $0 { true } else { false } }
    guard !plain else { return settings }
    let types = settings.map { value -> String in
      if case .text(let type) = value["type"] { type } else { label(value) }
    }
    let names = Set(types).count == types.count ? types : settings.map(label)
    return names.map { .text($0) }
  }
}
