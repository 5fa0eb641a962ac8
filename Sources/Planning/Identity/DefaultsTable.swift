import Settings

/// The frozen default of every setting of a catalogue: what the identity of a trial leaves out.
///
/// With it another program can compute identities by the rule alone. It changes only when a setting is
/// added; a default that changes keeps its row, by an entry in ``FrozenDefaults``.
public struct DefaultsTable: Sendable, Hashable {
  /// The version of the table, a part of every identity.
  public let version: Int
  /// The settings, in the order of their declarations.
  public private(set) var rows: [Row] = []

  /// One setting as one variant brings it.
  public struct Row: Sendable, Hashable {
    /// The setting's path with the variants that bring it: `data[gaussian].train`, `loss[dsm]/sigma`.
    public let key: String
    /// Where a trial's settings hold it: `data.train`, `sigma`; `data.type` for the name of a variant.
    public let path: String
    /// What the trial's settings must say for the row to apply.
    public let conditions: [Condition]
    /// The frozen default; nil where a trial must say the setting.
    public let value: SettingValue?
  }

  /// A variant that the trial must have.
  public struct Condition: Sendable, Hashable {
    /// Where the trial names it: `loss`, `data.type`.
    public let path: String
    /// Its name.
    public let name: String
  }

  /// The table of a catalogue, `repeat` included.
  public init(_ catalogue: Catalogue) {
    version = catalogue.frozenDefaults.version
    for setting in catalogue.settings + [Vocabulary.repeatSetting] {
      let frozen = catalogue.frozenDefaults.value(of: setting.name, current: setting.defaultValue)
      add(setting, key: setting.name, in: Place(frozen: nil), frozen, catalogue.frozenDefaults)
    }
  }

  /// The object that a setting stands in.
  private struct Place {
    var path = ""
    var conditions: [Condition] = []
    /// The frozen default of the object, nil where it has none of its own.
    var frozen: SettingValue?

    func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
  }

  private mutating func add(
    _ setting: Setting, key: String, in place: Place, _ frozen: SettingValue?,
    _ table: FrozenDefaults
  ) {
    let path = place.path(of: setting.name)
    func append(_ key: String, _ path: String, _ value: SettingValue?) {
      rows.append(Row(key: key, path: path, conditions: place.conditions, value: value))
    }
    func inner(_ settings: [Setting], prefix: String, in place: Place) {
      for member in settings {
        let key = prefix + member.name
        let value =
          place.frozen?[member.name] ?? table.value(of: key, current: member.defaultValue)
        add(member, key: key, in: place, value, table)
      }
    }
    let isOptional = if case .optional = setting.kind { true } else { false }
    if isOptional { append(key, path, frozen ?? .null) }
    switch setting.kind.unwrapped {
    case .group(let settings):
      let own = Place(path: path, conditions: place.conditions, frozen: frozen)
      inner(settings, prefix: key + ".", in: own)
    case .variant(let variants):
      append(key + ".type", path + ".type", frozen?["type"])
      for variant in variants {
        let conditions = place.conditions + [Condition(path: path + ".type", name: variant.name)]
        let isFrozen = frozen?["type"] == .text(variant.name)
        let own = Place(path: path, conditions: conditions, frozen: isFrozen ? frozen : nil)
        inner(variant.settings, prefix: "\(key)[\(variant.name)].", in: own)
        let top = Place(conditions: conditions)
        inner(variant.neighbours, prefix: "\(key)[\(variant.name)]/", in: top)
      }
    case .selector(let variants):
      if !isOptional { append(key, path, frozen) }
      for variant in variants {
        let conditions = place.conditions + [Condition(path: path, name: variant.name)]
        let beside = Place(path: place.path, conditions: conditions, frozen: place.frozen)
        inner(variant.settings, prefix: "\(key)[\(variant.name)]/", in: beside)
        let top = Place(conditions: conditions)
        inner(variant.neighbours, prefix: "\(key)[\(variant.name)]/", in: top)
      }
    default:
      if !isOptional { append(key, path, frozen) }
    }
  }
}

extension DefaultsTable {
  /// The table for programs: one JSON object, one row to a line.
  ///
  /// Keys: `version` and `defaults`, a list of objects with `key`, `path`, `when` (an object: path to
  /// the name that must stand there) and `default`, absent where a trial must say the setting.
  public var json: String {
    let lines = rows.map { row in
      let conditions = row.conditions.map { SettingValue.Member($0.path, .text($0.name)) }
      let when = SettingValue.object(conditions.sorted { $0.name < $1.name }).canonicalJSON
      let value = row.value.map { ", \"default\": \($0.canonicalJSON)" } ?? ""
      return "    {\"key\": \(SettingValue.quoted(row.key)), "
        + "\"path\": \(SettingValue.quoted(row.path)), \"when\": \(when)\(value)}"
    }
    return "{\n  \"version\": \(version),\n  \"defaults\": [\n" + lines.joined(separator: ",\n")
      + "\n  ]\n}\n"
  }
}
