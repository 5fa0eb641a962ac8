import Settings

/// Reads an experiment file: syntax, then every part against the catalogue, going on after mistakes.
struct ExperimentReader {
  /// What came of a file.
  struct Draft {
    /// The experiment, nil where mistakes touch its name, base, grids or excludes, so that expanding
    /// it would only report consequences.
    let experiment: Experiment?
    let diagnostics: [Diagnostic]
  }

  /// The keys at the top of a file.
  static let keys = [
    "$schema", "name", "title", "seed", "include", "base", "grid", "zip", "for", "exclude", "also",
    "metrics", "tables",
  ]

  let catalogue: Catalogue
  let vocabulary: Vocabulary
  let document: JSONDocument
  var checker: Checker
  /// The experiment file.
  let source: SourceText
  let files: IncludableFiles
  let amendments: Amendments
  /// What `--set` says.
  var changes: [Change] = []
  /// The files that are included, in the order of reading.
  var includedFiles: [IncludedFile] = []
  /// All axes that the file names, mistaken or not.
  var mentionedAxes: Set<String> = []  // membership only, never iterated
  /// The common exclusions, then those of the sub-grids.
  var exclusions: [Exclusion] = []

  init(
    _ bytes: [UInt8], named fileName: String, catalogue: Catalogue,
    including files: IncludableFiles, amendments: Amendments
  ) {
    self.catalogue = catalogue
    self.files = files
    self.amendments = amendments
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
    let syntaxIsSound = !document.diagnostics.contains { $0.kind != .duplicateKey }
    let syntaxCount = checker.diagnostics.count
    checkKeys(members, known: Self.keys, at: JSONPath(), of: "an experiment")
    let name = fileWord(root["name"]?.value, at: JSONPath() + "name")
    if root["name"] == nil {
      checker.report(
        .missing, root.span.lowerBound..<root.span.lowerBound + 1, JSONPath(),
        "the experiment has no name", expected: "\"name\": a word for its results file")
    }
    let parts = includedParts(of: root)
    readChanges()
    let usage = TypeUsage(root, parts.map(\.node), changes, vocabulary)
    var types: [String: [String]?] = [:]  // looked up only, never iterated
    checker.typesInUse = { path in
      if let known = types[path] { return known }
      let found = usage.types(at: path)
      types.updateValue(found, forKey: path)
      return found
    }
    let seed = seed(root, parts)
    let layers = layers(root, parts)
    let subGrids = subGrids(root, over: layers)
    let names = axisNames(of: subGrids)
    let commonExclusions = exclusions(root["exclude"]?.value, axes: names, at: JSONPath())
    // Those of the sub-grids were gathered first and stand after the common ones.
    let shifted = subGrids.map { $0.movingExclusions(by: commonExclusions.count) }
    let selection = selection(axes: names)
    let isExpandable = checker.diagnostics.count == syntaxCount && syntaxIsSound
    let title = text(root["title"]?.value, at: JSONPath() + "title")
    _ = text(root["$schema"]?.value, at: JSONPath() + "$schema")
    let metrics = metrics(root, parts)
    let (tables, spots) = tables(root["tables"]?.value, axes: names, metrics: metrics)
    let experiment = Experiment(
      name: name ?? "", title: title ?? name ?? "", seed: seed,
      exclusions: commonExclusions + exclusions, metrics: metrics.specifications, tables: tables,
      fileName: source.name, source: String(decoding: source.bytes, as: UTF8.self),
      includedFiles: includedFiles, amendments: amendments, subGrids: shifted,
      commonExclusionCount: commonExclusions.count, selection: selection,
      metricSpots: metrics.spots, tableSpots: spots)
    return Draft(
      experiment: isExpandable && !subGrids.isEmpty ? experiment : nil,
      diagnostics: checker.diagnostics)
  }
}

// MARK: - Small parts

extension ExperimentReader {
  /// Reads a part that stands in another text, so that mistakes are reported there.
  mutating func reading<Result>(
    _ source: SourceText, _ read: (inout ExperimentReader) -> Result
  ) -> Result {
    let outer = checker.source
    checker.source = source
    defer { checker.source = outer }
    return read(&self)
  }

  /// A value of the text at hand with its place.
  func place(_ node: JSONNode, at path: JSONPath) -> Place {
    Place(source: checker.source, node: node, path: path)
  }

  /// A spot in the text at hand.
  func spot(_ span: Range<Int>, at path: JSONPath) -> Spot {
    Spot(source: checker.source, span: span, path: path)
  }

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
    guard Self.isFileWord(word) else {
      checker.report(
        .outOfRange, node.span, path, "\(SettingValue.quoted(word)) cannot be part of a file name",
        expected: Self.fileWordForm)
      return nil
    }
    return word
  }

  /// What ``isFileWord(_:)`` takes, in words.
  static let fileWordForm = "1 to 100 of a-z, A-Z, 0-9, '-', '_' and '.', not first '-' or '.'"

  /// Whether a text can be part of a file's name.
  static func isFileWord(_ word: String) -> Bool {
    let isPlain = word.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
      default: false
      }
    }
    return isPlain && !word.isEmpty && word.utf8.count <= 100 && word.first != "."
      && word.first != "-"
  }

  /// The seed: the command line's, else the file's, else an included file's, else 0.
  private mutating func seed(_ root: JSONNode, _ parts: [IncludedPart]) -> Int {
    let kind = SettingKind.integer(0...(1 << 53) - 1)
    func seed(_ value: SettingValue?) -> Int? {
      if case .number(let seed) = value { Int(seed) } else { nil }
    }
    var seeds: [Int] = []
    for change in changes where change.name == "seed" {
      seeds += [
        seed(
          reading(change.place.source) { reader in
            reader.checker.value(
              change.place.node, kind, at: change.place.path, settingPath: "seed")
          }) ?? 0
      ]
    }
    if let node = root["seed"]?.value {
      seeds += [
        seed(checker.value(node, kind, at: JSONPath() + "seed", settingPath: "seed")) ?? 0
      ]
    }
    for part in parts {
      guard let node = part.node["seed"]?.value else { continue }
      seeds += [
        seed(
          reading(part.source) { reader in
            reader.checker.value(node, kind, at: JSONPath() + "seed", settingPath: "seed")
          }) ?? 0
      ]
    }
    return seeds.first ?? 0
  }

  /// Reads an object of settings with its place, nil where it is absent or no object.
  mutating func layer(
    _ node: JSONNode?, at path: JSONPath, isIncluded: Bool = false
  ) -> Layer? {
    guard let node else { return nil }
    guard case .object(let members) = node.content else {
      checker.reportType(node, path, expected: "an object of settings")
      return nil
    }
    let known = vocabulary.entries.filter { !$0.path.contains(".") && $0.path != "repeat" }
      .flatMap { $0.candidates.map(\.setting) }
    if let member = node["repeat"] {
      checker.report(
        .conflict, member.nameSpan, path + "repeat", "repeat is an axis",
        remedy: "Write it in grid: \"repeat\": \(member.value.plain?.canonicalJSON ?? "4").")
    }
    let settings = checker.object(
      members.filter { $0.name != "repeat" }, known: known, elsewhere: [], at: path,
      settingPath: "")
    return Layer(settings: settings, place: place(node, at: path), isIncluded: isIncluded)
  }

  /// The layers under every sub-grid: the command line's settings, the file's base, included ones.
  private mutating func layers(_ root: JSONNode, _ parts: [IncludedPart]) -> [Layer] {
    var layers: [Layer] = []
    if let own = layer(root["base"]?.value, at: JSONPath() + "base") { layers.append(own) }
    for part in parts {
      let included = reading(part.source) { reader in
        reader.layer(part.node["base"]?.value, at: JSONPath() + "base", isIncluded: true)
      }
      if let included { layers.append(included) }
    }
    return layers
  }
}
