import Settings

/// The settings and metrics of a catalogue as sections of the reference.
struct SettingsReference {
  private let catalogue: Catalogue
  private let vocabulary: Vocabulary

  init(_ catalogue: Catalogue) {
    self.catalogue = catalogue
    vocabulary = Vocabulary(catalogue)
  }

  /// The objects and the choices with kinds, in the order of the catalogue.
  private var headed: [Vocabulary.Entry] { vocabulary.entries.filter { !$0.isLeaf && !$0.isType } }

  /// Where each section begins.
  var contents: String {
    let links = headed.map { link($0.path, to: $0.path) }
    return "Sections: " + (links + ["[other settings](#other-settings)"]).joined(separator: ", ")
      + "; then [metrics](#metrics-1) and [mistakes](#mistakes)."
  }

  /// One section for each object or choice with kinds, and one for what stands beside them.
  var sections: [String] {
    let others = vocabulary.entries.filter { $0.isLeaf && !$0.path.contains(".") }
    return headed.map(section)
      + [joined(["### Other settings", table(of: others, in: nil), choices(of: others)])]
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
    let rows = vocabulary.entries.filter { row in
      row.path.hasPrefix(entry.path + ".") && row.path != entry.path + ".type"
        && !row.path.dropFirst(entry.path.count + 1).contains(".")
    }
    let isSelector = if case .selector = entry.setting.kind.unwrapped { true } else { false }
    let variants = variants(of: entry)
    var parts: [String?] = [
      "### \(Markdown.code(entry.path))",
      Markdown.sentence(entry.setting.summary) + limits(of: entry) + absence(of: entry),
    ]
    if !variants.isEmpty {
      let name = Markdown.code(isSelector ? entry.path : entry.path + ".type")
      parts.append(
        Markdown.table(
          [name, "meaning"],
          variants.map { [Markdown.code($0.name), Markdown.words($0.summary)] }))
    }
    if !rows.isEmpty {
      parts += [table(of: rows, in: entry), choices(of: rows)]
    }
    return joined(parts)
  }

  /// The trials that a section is about, a sentence; empty where it is about all, or all of the section
  /// that it is a part of.
  private func limits(of entry: Vocabulary.Entry) -> String {
    let parent = entry.path.split(separator: ".").dropLast().joined(separator: ".")
    let applies = applies(entry.candidates.map(\.requirements), in: vocabulary[parent])
    return applies.isEmpty ? "" : " It applies to \(applies)."
  }

  private func absence(of entry: Vocabulary.Entry) -> String {
    if case .group = entry.setting.kind { return "" }
    return switch defaultWord(entry.setting) {
    case nil: " It must be said."
    case "`null`"?: " It may be `null`, for none, and is where it is not said."
    case let word?: " Where it is not said, it is \(word)\(otherDefaults(of: entry, than: word))."
    }
  }

  /// The defaults of declarations that have another one, and where they apply: `, with loss `ncsn` …`.
  private func otherDefaults(of entry: Vocabulary.Entry, than first: String) -> String {
    var others: [(word: String, requirements: [[Vocabulary.Requirement]])] = []
    for candidate in entry.candidates {
      guard let word = defaultWord(candidate.setting), word != first else { continue }
      if let index = others.firstIndex(where: { $0.word == word }) {
        others[index].requirements.append(candidate.requirements)
      } else {
        others.append((word, [candidate.requirements]))
      }
    }
    return others.map { ", with \(applies($0.requirements, in: nil)) \($0.word)" }.joined()
  }

  /// What a setting can name, that of every declaration.
  private func variants(of entry: Vocabulary.Entry) -> [Variant] {
    var all: [Variant] = []
    for candidate in entry.candidates {
      switch candidate.setting.kind.unwrapped {
      case .variant(let variants), .selector(let variants):
        all += variants.filter { variant in !all.contains { $0.name == variant.name } }
      default: break
      }
    }
    return all
  }

  private func table(of entries: [Vocabulary.Entry], in section: Vocabulary.Entry?) -> String {
    let headings = ["setting", "value", "default", "applies to", "meaning"]
    let rows = entries.flatMap { self.rows(of: $0, in: section) }
    // Where all settings apply to the same trials, the section says so.
    let columns = headings.indices.filter { column in
      rows.contains { !$0[column].isEmpty }
    }
    return Markdown.table(columns.map { headings[$0] }, rows.map { row in columns.map { row[$0] } })
  }

  /// A row for each way in which variants declare a path.
  private func rows(of entry: Vocabulary.Entry, in section: Vocabulary.Entry?) -> [[String]] {
    var rows: [(cells: [String], requirements: [[Vocabulary.Requirement]])] = []
    for candidate in entry.candidates {
      let setting = candidate.setting
      let cells = [
        Markdown.code(entry.path), entry.isLeaf ? values(setting) : objectLink(entry),
        defaultWord(setting) ?? "must be said", Markdown.words(setting.summary),
      ]
      if let index = rows.firstIndex(where: { $0.cells == cells }) {
        rows[index].requirements.append(candidate.requirements)
      } else {
        rows.append((cells, [candidate.requirements]))
      }
    }
    return rows.map { row in
      row.cells[..<3] + [applies(row.requirements, in: section)] + row.cells[3...]
    }
  }

  /// Where a setting applies, in the words of a cell: `csv`, loss `dsm`; empty where all that the section
  /// is about has it.
  private func applies(
    _ requirements: [[Vocabulary.Requirement]], in section: Vocabulary.Entry?
  ) -> String {
    let known = Set(section?.candidates.flatMap(\.requirements).map(\.path) ?? [])
    var paths: [String] = []
    for requirement in requirements.joined()
    where !known.contains(requirement.path) && !paths.contains(requirement.path) {
      paths.append(requirement.path)
    }
    let parts = paths.compactMap { path -> String? in
      var names: [String] = []
      for requirement in requirements.joined() where requirement.path == path {
        guard case .variant(_, let name) = requirement else {
          return path == section?.path ? nil : "\(Markdown.words(path)) that is not null"
        }
        if !names.contains(name) { names.append(name) }
      }
      let all = vocabulary[path].map { variants(of: $0).map(\.name) } ?? []
      let others = all.filter { !names.contains($0) }
      guard !others.isEmpty else { return nil }
      let isOwn = path == section?.path
      let subject = isOwn ? "" : Markdown.words(path) + " "
      guard others.count < names.count && names.count > 3 else {
        return subject + Markdown.codes(names)
      }
      return subject + (isOwn ? "all but " : "other than ") + Markdown.codes(others)
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
    case let kind: value = Markdown.words(kind.expectation)
    }
    return value + unit + (isOptional ? ", or `null`" : "")
  }

  /// What an object with a section of its own may be.
  private func objectLink(_ entry: Vocabulary.Entry) -> String {
    let isOptional = if case .optional = entry.setting.kind { true } else { false }
    let isGroup = if case .group = entry.setting.kind.unwrapped { true } else { false }
    return link(isGroup ? "an object" : "a type, or an object with it", to: entry.path)
      + (isOptional ? ", or `null`" : "")
  }

  /// A link to a section; renderers leave the dots of its heading out.
  private func link(_ words: String, to path: String) -> String {
    "[\(words)](#\(path.filter { $0 != "." }))"
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
