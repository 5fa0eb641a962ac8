import Settings

/// The settings and metrics of a catalogue as sections of the reference.
struct SettingsReference {
  private let catalogue: Catalogue
  private let vocabulary: Vocabulary

  init(_ catalogue: Catalogue) {
    self.catalogue = catalogue
    vocabulary = Vocabulary(catalogue)
  }

  /// Where each section begins.
  var contents: String {
    let top = vocabulary.entries.filter { !$0.path.contains(".") && !$0.isLeaf }
    let links = top.map { "[\($0.path)](#\($0.path))" }
    return "Sections: " + (links + ["[all others](#other-settings)"]).joined(separator: ", ")
      + "; then [metrics](#metrics-1)."
  }

  /// One section for each object or choice with kinds at the top of a trial, and one for all the rest.
  var sections: [String] {
    let top = vocabulary.entries.filter { !$0.path.contains(".") }
    let plain = top.filter(\.isLeaf)
    return top.filter { !$0.isLeaf }.map(section)
      + [
        joined([
          "### Other settings", table(of: plain, in: nil),
          choices(of: plain),
        ])
      ]
  }

  /// What can be measured, and what is recorded besides.
  var measurements: String {
    let metrics = catalogue.metrics.map { metric in
      let settings = metric.settings.map { setting in
        let value = setting.defaultValue.map { ", \(Markdown.code($0.canonicalJSON)) if not said" }
        return "\(Markdown.code(setting.name)): \(values(setting))\(value ?? "")"
      }
      return [
        Markdown.code(metric.name), Markdown.words(metric.summary),
        settings.joined(separator: "; "),
      ]
    }
    let recorded = catalogue.recordedQuantities.map {
      [Markdown.code($0.name), Markdown.words($0.summary)]
    }
    return joined([
      "## Metrics", Markdown.table(["name", "meaning", "settings"], metrics),
      "Recorded with every trial without being asked for; tables may show them:",
      Markdown.table(["name", "meaning"], recorded),
    ])
  }

  // MARK: - One section

  private func section(_ entry: Vocabulary.Entry) -> String {
    let inner = vocabulary.entries.filter { $0.path.hasPrefix(entry.path + ".") }
    let isSelector = if case .selector = entry.setting.kind.unwrapped { true } else { false }
    let variants = variants(of: entry)
    let applies = entry.applicability().map { " It \($0)." } ?? ""
    var parts: [String?] = [
      "### \(Markdown.code(entry.path))",
      Markdown.sentence(entry.setting.summary) + Markdown.words(applies) + absence(of: entry),
    ]
    if !variants.isEmpty {
      let name = Markdown.code(isSelector ? entry.path : entry.path + ".type")
      parts.append(
        Markdown.table(
          [name, "meaning"],
          variants.map { [Markdown.code($0.name), Markdown.words($0.summary)] }))
    }
    let rows = inner.filter { $0.path != entry.path + ".type" }
    if !rows.isEmpty {
      parts += [table(of: rows, in: entry), choices(of: rows)]
    }
    return joined(parts)
  }

  private func absence(of entry: Vocabulary.Entry) -> String {
    if case .group = entry.setting.kind.unwrapped { return "" }
    return switch defaultWord(entry.setting) {
    case nil: " It must be said."
    case let word?: " Where it is not said, it is \(word)."
    }
  }

  private func variants(of entry: Vocabulary.Entry) -> [Variant] {
    switch entry.setting.kind.unwrapped {
    case .variant(let variants), .selector(let variants): variants
    default: []
    }
  }

  private func table(of entries: [Vocabulary.Entry], in section: Vocabulary.Entry?) -> String {
    Markdown.table(
      ["setting", "value", "default", "applies to", "meaning"],
      entries.flatMap { rows(of: $0, in: section) })
  }

  /// A row for each way in which variants declare a path.
  private func rows(of entry: Vocabulary.Entry, in section: Vocabulary.Entry?) -> [[String]] {
    var rows: [(cells: [String], requirements: [[Vocabulary.Requirement]])] = []
    let parent = vocabulary[String(entry.path.dropLast(".type".count))]
    for candidate in entry.candidates {
      let setting = candidate.setting
      let fallback =
        entry.isType
        ? parent?.setting.defaultValue?["type"].map { Markdown.code($0.canonicalJSON) }
        : defaultWord(setting)
      let cells = [
        Markdown.code(entry.path), values(setting), fallback ?? "must be said",
        Markdown.words(setting.summary),
      ]
      if let index = rows.firstIndex(where: { $0.cells == cells }) {
        rows[index].requirements.append(candidate.requirements)
      } else {
        rows.append((cells, [candidate.requirements]))
      }
    }
    let known = Set(section?.candidates.flatMap(\.requirements).map(\.path) ?? [])
    return rows.map { row in
      let own = row.requirements.map { $0.filter { !known.contains($0.path) } }
      return row.cells[..<3] + [applies(own, in: section)] + row.cells[3...]
    }
  }

  /// Where a setting applies, in the words of a cell; empty where the whole section does.
  private func applies(
    _ requirements: [[Vocabulary.Requirement]], in section: Vocabulary.Entry?
  ) -> String {
    var paths: [String] = []
    for requirement in requirements.joined() where !paths.contains(requirement.path) {
      paths.append(requirement.path)
    }
    let parts = paths.compactMap { path -> String? in
      var names: [String] = []
      for requirement in requirements.joined() where requirement.path == path {
        guard case .variant(_, let name) = requirement else {
          return "\(Markdown.code(path)) not null"
        }
        if !names.contains(name) { names.append(name) }
      }
      let all = vocabulary[path].map { variants(of: $0).map(\.name) } ?? []
      let others = all.filter { !names.contains($0) }
      guard !others.isEmpty else { return nil }
      let subject = path == section?.path ? "" : Markdown.code(path) + " "
      return subject
        + (others.count < names.count && names.count > 3
          ? "all but " + Markdown.codes(others) : Markdown.codes(names))
    }
    return parts.joined(separator: "; ")
  }

  /// What the names of choices and kinds mean, a list for each setting.
  private func choices(of entries: [Vocabulary.Entry]) -> String? {
    let lists = entries.compactMap { entry -> String? in
      guard case .choice(let choices) = entry.setting.kind.unwrapped else { return nil }
      let lines = choices.filter { !$0.summary.isEmpty }
        .map { "- \(name($0.name)): \(Markdown.words($0.summary))" }
      return lines.isEmpty
        ? nil : "\(Markdown.code(entry.path)):\n\n" + lines.joined(separator: "\n")
    }
    return lists.isEmpty ? nil : lists.joined(separator: "\n\n")
  }

  // MARK: - Words

  private func values(_ setting: Setting) -> String {
    let isOptional = if case .optional = setting.kind { true } else { false }
    let unit = setting.unit.map { " (\(Markdown.words($0)))" } ?? ""
    let value: String
    switch setting.kind.unwrapped {
    case .boolean: value = Markdown.codes(["true", "false"])
    case .choice(let choices): value = choices.map { name($0.name) }.joined(separator: ", ")
    case .selector(let variants): value = Markdown.codes(variants.map(\.name))
    case .variant: value = "a type, or an object with it"
    case .group: value = "an object"
    case let kind: value = Markdown.words(kind.expectation)
    }
    return value + unit + (isOptional ? ", or `null`" : "")
  }

  /// A name as it is typed; one that is not a word in its quotes.
  private func name(_ name: String) -> String {
    let isWord = name.contains { $0.isLetter || $0.isNumber }
    return Markdown.code(isWord ? name : SettingValue.quoted(name))
  }

  private func defaultWord(_ setting: Setting) -> String? {
    let isOptional = if case .optional = setting.kind { true } else { false }
    switch setting.defaultValue ?? (isOptional ? .null : nil) {
    case nil:
      if case .group = setting.kind { return "" }
      return nil
    case .object(let members)?:
      guard members.count == 1, members[0].name == "type" else {
        return members.isEmpty ? "" : Markdown.code(SettingValue.object(members).canonicalJSON)
      }
      return Markdown.code(members[0].value.canonicalJSON)
    case let value?: return Markdown.code(value.canonicalJSON)
    }
  }

  private func joined(_ parts: [String?]) -> String {
    parts.compactMap { $0 }.joined(separator: "\n\n")
  }
}
