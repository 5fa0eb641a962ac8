import Settings

// Groups and variants: objects whose keys are settings.

extension Checker {
  /// A key that belongs to a variant which the experiment does not use.
  typealias Elsewhere = (name: String, variants: [String])

  /// Checks the members of an object against the settings that it may say.
  ///
  /// - Parameters:
  ///   - known: the settings of this object; several of one name are alternatives.
  ///   - elsewhere: settings of variants that are not in use, for a better message.
  /// - Returns: the sound members as an object.
  mutating func object(
    _ members: [JSONMember], known: [Setting], elsewhere: [Elsewhere], at path: JSONPath,
    settingPath: String
  ) -> SettingValue {
    var values: [SettingValue.Member] = []
    for member in members {
      let inner = path + member.name
      let candidates = known.filter { $0.name == member.name }
      guard !candidates.isEmpty else {
        reportUnknownKey(member, known: known, elsewhere: elsewhere, at: inner, settingPath)
        continue
      }
      let innerPath = settingPath.isEmpty ? member.name : settingPath + "." + member.name
      if let value = value(member.value, of: candidates, at: inner, settingPath: innerPath) {
        values.append(SettingValue.Member(member.name, value))
      }
    }
    return .object(values.sorted { $0.name < $1.name })
  }

  private mutating func reportUnknownKey(
    _ member: JSONMember, known: [Setting], elsewhere: [Elsewhere], at path: JSONPath,
    _ settingPath: String
  ) {
    if let place = elsewhere.first(where: { $0.name == member.name }) {
      let variants = SettingKind.enumerated(place.variants, last: "and")
      let used = SettingKind.enumerated(typesInUse(settingPath) ?? [], last: "and")
      report(
        .unused, member.nameSpan, path,
        "\(member.name) applies only to \(settingPath) \(variants), and this experiment has \(used)",
        remedy: "Remove it, or choose another type.")
      return
    }
    let place = settingPath.isEmpty ? "no setting" : "no setting of \(settingPath)"
    var names: [String] = []
    for setting in known where !names.contains(setting.name) {
      names.append(setting.name)
    }
    report(
      .unknownName, member.nameSpan, path, "\(place) is called \(SettingValue.quoted(member.name))",
      expected: names.isEmpty
        ? "nothing but its type" : SettingKind.enumerated(names, last: "or"),
      nearest: nearestName(to: member.name, among: names))
  }

  /// Checks the object of a variant, whose `type` may stand in another part of the file.
  mutating func variant(
    _ members: [JSONMember], _ variants: [Variant], at path: JSONPath, settingPath: String
  ) -> SettingValue? {
    let types = variants.map { Choice($0.name, $0.summary) }
    let type = Setting("type", .choice(types), "which one")
    var chosen = typesInUse(settingPath)
    if case .text(let own) = members.first(where: { $0.name == "type" })?.value.content {
      // A type that does not exist is reported; its neighbours then cannot be judged by it.
      let isKnown = variants.contains { $0.name == own }
      chosen = isKnown ? (path.isInBase ? chosen : [own]) : nil
    }
    var known = [type]
    var elsewhere: [Elsewhere] = []
    for variant in variants {
      let settings = Self.withSelected(variant.settings)
      if chosen?.contains(variant.name) ?? true {
        known += settings
        continue
      }
      for setting in settings {
        if let index = elsewhere.firstIndex(where: { $0.name == setting.name }) {
          elsewhere[index].variants.append(variant.name)
        } else {
          elsewhere.append((setting.name, [variant.name]))
        }
      }
    }
    return object(
      members, known: known, elsewhere: elsewhere, at: path, settingPath: settingPath)
  }

  /// Settings together with those that a selector among them may bring beside it.
  static func withSelected(_ settings: [Setting]) -> [Setting] {
    settings.flatMap { setting -> [Setting] in
      guard case .selector(let variants) = setting.kind.unwrapped else { return [setting] }
      return [setting] + variants.flatMap { withSelected($0.settings) }
    }
  }
}
