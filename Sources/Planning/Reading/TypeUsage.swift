/// Which variants an experiment names, wherever it names them.
struct TypeUsage: Sendable {
  private let base: JSONNode?
  private let axes: [(path: [Substring], values: [JSONNode])]
  private let vocabulary: Vocabulary

  init(base: JSONNode?, grid: JSONNode?, _ vocabulary: Vocabulary) {
    self.base = base
    self.vocabulary = vocabulary
    guard case .object(let members) = grid?.content else {
      axes = []
      return
    }
    axes = members.map { member in
      let values: [JSONNode] =
        if case .list(let nodes) = member.value.content { nodes } else { [member.value] }
      return (member.name.split(separator: "."), values)
    }
  }

  /// The variants named at a path by base and by the axes; nil where nothing names one.
  ///
  /// Where base names none, the default counts as named, because some trial may fall back to it.
  func types(at path: String) -> [String]? {
    let names = path.split(separator: ".")
    var types = type(of: base, at: names[...]).map { [$0] } ?? []
    if types.isEmpty, case .text(let name) = vocabulary[path]?.setting.defaultValue?["type"] {
      types.append(name)
    }
    for axis in axes where (names + ["type"]).starts(with: axis.path) {
      for value in axis.values {
        let rest = (names + ["type"]).dropFirst(axis.path.count)
        if let type = text(of: value, at: rest), !types.contains(type) {
          types.append(type)
        }
      }
    }
    return types.isEmpty ? nil : types
  }

  private func type(of node: JSONNode?, at path: ArraySlice<Substring>) -> String? {
    node.flatMap { text(of: $0, at: path + ["type"]) }
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
