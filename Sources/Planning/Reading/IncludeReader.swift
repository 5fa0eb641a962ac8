import Settings

// Files that an experiment includes: their base, seed and metrics lie under its own.

/// An included file that could be read.
struct IncludedPart {
  let source: SourceText
  let node: JSONNode
}

extension ExperimentReader {
  /// The files that an experiment includes, those that are laid over others first.
  mutating func includedParts(of root: JSONNode) -> [IncludedPart] {
    var known: [String: [IncludedPart]] = [:]  // looked up only, never iterated
    return parts(includedBy: root, in: "", chain: [], known: &known)
  }

  /// - Parameters:
  ///   - folder: the folder of the including file, relative to the experiment; empty or ending in "/".
  ///   - chain: the files on the way, the last one being the one at hand.
  ///   - known: what files come to that were read before.
  private mutating func parts(
    includedBy root: JSONNode, in folder: String, chain: [String],
    known: inout [String: [IncludedPart]]
  ) -> [IncludedPart] {
    guard let node = root["include"]?.value else { return [] }
    let path = JSONPath() + "include"
    var parts: [[IncludedPart]] = []
    switch node.content {
    case .list(let nodes):
      for (index, node) in nodes.enumerated() {
        parts.append(part(node, at: path + index, in: folder, chain, &known))
      }
    default:
      parts.append(part(node, at: path, in: folder, chain, &known))
    }
    // A file that comes twice says nothing more where it lies lower.
    var seen: Set<ObjectIdentifier> = []  // membership only, never iterated
    return parts.reversed().flatMap { $0 }.filter {
      seen.insert(ObjectIdentifier($0.source)).inserted
    }
  }

  private mutating func part(
    _ node: JSONNode, at path: JSONPath, in folder: String, _ chain: [String],
    _ known: inout [String: [IncludedPart]]
  ) -> [IncludedPart] {
    guard case .text(let name) = node.content else {
      checker.reportType(node, path, expected: "the path of a file, relative to this one")
      return []
    }
    guard !name.hasPrefix("/"), !name.isEmpty else {
      checker.report(
        .outOfRange, node.span, path, "\(SettingValue.quoted(name)) is no relative path",
        expected: "a path relative to this file",
        remedy: "Then the experiment can be moved with the files that it includes.")
      return []
    }
    let file = Self.normalised(folder + name)
    guard !chain.contains(file) else {
      let circle = (chain + [file]).map { SettingValue.quoted($0) }.joined(separator: " includes ")
      checker.report(
        .conflict, node.span, path, "the files include each other: \(circle)",
        remedy: "Remove one of the includes.")
      return []
    }
    if let parts = known[file] { return parts }
    guard let bytes = files.contents(file) else {
      checker.report(
        .missing, node.span, path, "\(SettingValue.quoted(file)) cannot be read",
        expected: "a file, relative to the one that includes it")
      return []
    }
    if !includedFiles.contains(where: { $0.path == file }) {
      includedFiles.append(
        IncludedFile(path: file, source: String(decoding: bytes, as: UTF8.self)))
    }
    let included = SourceText(bytes, name: Self.beside(source.name, file))
    let document = JSONReader.read(included)
    checker.diagnostics += document.diagnostics
    var parts: [IncludedPart] = []
    if document.isTrusted, document.diagnostics.isEmpty {
      parts = reading(included) { reader in
        reader.read(
          IncludedPart(source: included, node: document.root), file, chain + [file], &known)
      }
    }
    known[file] = parts
    return parts
  }

  private mutating func read(
    _ part: IncludedPart, _ file: String, _ chain: [String],
    _ known: inout [String: [IncludedPart]]
  ) -> [IncludedPart] {
    guard case .object(let members) = part.node.content else {
      checker.reportType(part.node, JSONPath(), expected: "an object with base")
      return []
    }
    checkKeys(members, known: Self.keys, at: JSONPath(), of: "an experiment")
    let folder = file.split(separator: "/").dropLast().map { $0 + "/" }.joined()
    return [part] + parts(includedBy: part.node, in: folder, chain: chain, known: &known)
  }

  /// A path without ".", and without ".." behind a name.
  static func normalised(_ path: String) -> String {
    var names: [Substring] = []
    for name in path.split(separator: "/") where name != "." {
      if name == "..", let last = names.last, last != ".." {
        names.removeLast()
      } else {
        names.append(name)
      }
    }
    return names.joined(separator: "/")
  }

  /// A path relative to a file as diagnostics print it.
  private static func beside(_ file: String, _ path: String) -> String {
    guard let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
  }
}
