import Settings

/// Which variants an experiment names, wherever it names them.
struct TypeUsage: Sendable {
  private var bases: [JSONNode] = []
  private var axes: [(path: [Substring], values: [JSONNode])] = []
  private let vocabulary: Vocabulary

  /// The variants that a file, the files it includes and the command line name.
  init(
    _ root: JSONNode, _ included: [JSONNode], _ changes: [ExperimentReader.Change],
    _ vocabulary: Vocabulary
  ) {
    self.vocabulary = vocabulary
    add(root)
    bases += included.compactMap { $0["base"]?.value }
    for change in changes { addAxis(change.name, change.place.node) }
  }

  private mutating func add(_ grid: JSONNode) {
    if let base = grid["base"]?.value { bases.append(base) }
    addAxes(grid["grid"]?.value)
    if case .object(let zips) = grid["zip"]?.value.content {
      for zip in zips { addAxes(zip.value) }
    }
    for key in ["for", "also"] {
      guard case .list(let grids) = grid[key]?.value.content else { continue }
      for grid in grids { add(grid) }
    }
  }

  private mutating func addAxes(_ node: JSONNode?) {
    guard case .object(let members) = node?.content else { return }
    for member in members { addAxis(member.name, member.value) }
  }

  private mutating func addAxis(_ name: String, _ node: JSONNode) {
    let values: [JSONNode] = if case .list(let nodes) = node.content { nodes } else { [node] }
    axes.append((name.split(separator: "."), values))
  }

  /// The variants named at a path; nil where nothing names one.
  ///
  /// Where no base names one, the default counts as named, because some trial may fall back to it.
  func types(at path: String) -> [String]? {
    let names: [Substring] = path.split(separator: ".") + ["type"]
    var types: [String] = []
    for base in bases {
      if let type = text(of: base, at: names[...]), !types.contains(type) { types.append(type) }
    }
    if types.isEmpty {
      // What stands beside it may decide the default: each loss has its own model.
      for candidate in vocabulary[path]?.candidates ?? [] {
        guard case .text(let name) = candidate.setting.defaultValue?["type"],
          !types.contains(name)
        else { continue }
        types.append(name)
      }
    }
    for axis in axes where names.starts(with: axis.path) {
      for value in axis.values {
        let rest = names.dropFirst(axis.path.count)
        if let type = text(of: value, at: rest), !types.contains(type) {
          types.append(type)
        }
      }
    }
    return types.isEmpty ? nil : types
  }

  /// The text at a path; a text reached one name early is short for its own `type`.
  private func text(of node: JSONNode, at path: ArraySlice<Substring>) -> String? {
    var current = node
    for name in path {
      if let member = current[String(name)] {
        current = member.value
      } else if case .text = current.content, name == "type" {
        break
      } else {
        return nil
      }
    }
    return if case .text(let text) = current.content { text } else { nil }
  }
}
