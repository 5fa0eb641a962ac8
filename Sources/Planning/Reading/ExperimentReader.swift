import Settings

/// Reads an experiment file: syntax, then every part against the catalogue, going on after mistakes.
struct ExperimentReader {
  /// What came of a file.
  struct Draft {
    /// The experiment, nil where mistakes touch its name, base, grid or excludes, so that expanding
    /// it would only report consequences.
    let experiment: Experiment?
    let diagnostics: [Diagnostic]
  }

  /// The keys at the top of a file.
  static let keys = [
    "$schema", "name", "title", "seed", "base", "grid", "exclude", "metrics", "tables",
  ]

  let catalogue: Catalogue
  let vocabulary: Vocabulary
  let source: SourceText
  let document: JSONDocument
  var checker: Checker

  init(_ bytes: [UInt8], named fileName: String, catalogue: Catalogue) {
    self.catalogue = catalogue
    vocabulary = Vocabulary(catalogue)
    source = SourceText(bytes, name: fileName)
    document = JSONReader.read(source)
    checker = Checker(source: source, diagnostics: document.diagnostics)
  }

  /// Reads the whole file.
  mutating func read() -> Draft {
    let root = document.root
    guard document.isTrusted, !root.isInvalid else {
      return Draft(experiment: nil, diagnostics: checker.diagnostics)
    }
    guard case .object(let members) = root.content else {
      checker.reportType(root, JSONPath(), expected: "an object with name, base and grid")
      return Draft(experiment: nil, diagnostics: checker.diagnostics)
    }
    let usage = TypeUsage(base: root["base"]?.value, grid: root["grid"]?.value, vocabulary)
    checker.typesInUse = { usage.types(at: $0) }
    checkKeys(members, known: Self.keys, at: JSONPath(), of: "an experiment")
    let name = fileWord(root["name"]?.value, at: JSONPath() + "name")
    if root["name"] == nil {
      checker.report(
        .missing, root.span.lowerBound..<root.span.lowerBound + 1, JSONPath(),
        "the experiment has no name", expected: "\"name\": a word for its results file")
    }
    let seed = seed(root["seed"]?.value)
    let base = base(root["base"]?.value)
    let axes = grid(root["grid"], of: root)
    let exclusions = exclusions(root["exclude"]?.value, axes: axes)
    let syntaxIsSound = !document.diagnostics.contains { $0.kind != .duplicateKey }
    let isExpandable = checker.diagnostics.count == document.diagnostics.count && syntaxIsSound
    let title = text(root["title"]?.value, at: JSONPath() + "title")
    _ = text(root["$schema"]?.value, at: JSONPath() + "$schema")
    let metrics = metrics(root["metrics"]?.value)
    let tables = tables(root["tables"]?.value, axes: axes, metrics: metrics)
    let experiment = Experiment(
      name: name ?? "", title: title ?? name ?? "", seed: seed, base: base,
      exclusions: exclusions, metrics: metrics.specifications, tables: tables,
      fileName: source.name, source: String(decoding: source.bytes, as: UTF8.self),
      gridAxes: axes,
      layout: Experiment.Layout(
        source: source, base: root["base"]?.value, gridSpan: root["grid"]?.nameSpan ?? 0..<1))
    return Draft(
      experiment: isExpandable ? experiment : nil, diagnostics: checker.diagnostics)
  }
}

// MARK: - Small parts

extension ExperimentReader {
  /// Reports the keys of an object that do not belong there.
  mutating func checkKeys(
    _ members: [JSONMember], known: [String], at path: JSONPath, of owner: String
  ) {
    for member in members where !known.contains(member.name) {
      checker.report(
        .unknownName, member.nameSpan, path + member.name,
        "\(owner) has no key \(SettingValue.quoted(member.name))",
        expected: SettingKind.enumerated(known.filter { $0 != "$schema" }, last: "or"),
        nearest: nearestName(to: member.name, among: known))
    }
  }

  /// Reads a text, nil where it is absent or wrong.
  mutating func text(_ node: JSONNode?, at path: JSONPath) -> String? {
    guard let node else { return nil }
    guard case .text(let text) = node.content else {
      checker.reportType(node, path, expected: "a text")
      return nil
    }
    return text
  }

  /// Reads a text that can be part of a file's name, nil where it is absent or wrong.
  mutating func fileWord(_ node: JSONNode?, at path: JSONPath) -> String? {
    guard let node, let word = text(node, at: path) else { return nil }
    let isPlain = word.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
      default: false
      }
    }
    guard isPlain, !word.isEmpty, word.utf8.count <= 100, word.first != ".", word.first != "-"
    else {
      checker.report(
        .outOfRange, node.span, path, "\(SettingValue.quoted(word)) cannot be part of a file name",
        expected: "1 to 100 of a-z, A-Z, 0-9, '-', '_' and '.', not first '-' or '.'")
      return nil
    }
    return word
  }

  private mutating func seed(_ node: JSONNode?) -> Int {
    guard let node else { return 0 }
    let kind = SettingKind.integer(0...(1 << 53) - 1)
    let value = checker.value(node, kind, at: JSONPath() + "seed", settingPath: "seed")
    return if case .number(let seed) = value { Int(seed) } else { 0 }
  }

  private mutating func base(_ node: JSONNode?) -> SettingValue {
    guard let node else { return .object([SettingValue.Member]()) }
    let path = JSONPath() + "base"
    guard case .object(let members) = node.content else {
      checker.reportType(node, path, expected: "an object of settings")
      return .object([SettingValue.Member]())
    }
    let known = vocabulary.entries.filter { !$0.path.contains(".") && $0.path != "repeat" }
      .flatMap { $0.candidates.map(\.setting) }
    if let member = node["repeat"] {
      checker.report(
        .conflict, member.nameSpan, path + "repeat", "repeat is an axis",
        remedy: "Write it in grid: \"repeat\": 4.")
    }
    return checker.object(
      members.filter { $0.name != "repeat" }, known: known, elsewhere: [], at: path,
      settingPath: "")
  }
}
