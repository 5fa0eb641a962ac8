import Settings

extension MistakeCollector {
  /// A place in the file and its path.
  typealias Place = (span: Range<Int>, path: JSONPath)

  /// Where the file says the value that a setting has in a combination of the axes.
  ///
  /// - Parameters:
  ///   - path: the setting's dotted path.
  ///   - digits: the index of the value on each axis; nil looks in base only.
  /// - Returns: the value on an axis, else in base, else the closest thing that could say it.
  func locate(_ path: String, _ digits: [Int]?) -> Place {
    let names = path.split(separator: ".").map(String.init)
    var fallback: Place?
    if let digits {
      let axes = grid.indices.sorted {
        grid[$0].axis.name.utf8.count > grid[$1].axis.name.utf8.count
      }
      for axis in axes {
        let name = grid[axis].axis.name
        let isInside = path == name || path.hasPrefix(name + ".")
        guard isInside || name.hasPrefix(path + ".") else { continue }
        let place = grid[axis].places[digits[axis]]
        let rest = isInside ? names.dropFirst(name.split(separator: ".").count) : []
        if let found = Self.descend(place.node, place.path, rest) { return found }
        fallback = fallback ?? (place.node.span, place.path)
      }
    }
    if let base {
      let root = JSONPath() + "base"
      if let found = Self.descend(base, root, names[...]) { return found }
      fallback = fallback ?? (base.span.lowerBound..<base.span.lowerBound + 1, root)
    }
    return fallback ?? (gridSpan, JSONPath() + "grid")
  }

  private static func descend(
    _ node: JSONNode, _ path: JSONPath, _ names: ArraySlice<String>
  ) -> Place? {
    guard let name = names.first else { return (node.span, path) }
    if let member = node[name] {
      return descend(member.value, path + name, names.dropFirst())
    }
    if case .text = node.content, name == "type" { return (node.span, path) }
    return nil
  }
}
