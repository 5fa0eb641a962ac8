/// A value of the experiment with where it stands: the file, an included one, or the command line.
struct Place: Sendable {
  let source: SourceText
  let node: JSONNode
  let path: JSONPath

  /// The value itself as a spot.
  var spot: Spot { Spot(source: source, span: node.span, path: path) }

  /// The first character of the value, for what is missing in it.
  var start: Spot {
    Spot(source: source, span: node.span.lowerBound..<node.span.lowerBound + 1, path: path)
  }

  /// The spot of a value inside, nil where the names lead nowhere.
  func spot(at names: ArraySlice<String>) -> Spot? {
    guard let name = names.first else { return spot }
    if let member = node[name] {
      return Place(source: source, node: member.value, path: path + name)
        .spot(at: names.dropFirst())
    }
    if case .text = node.content, name == "type", names.count == 1 { return spot }
    return nil
  }
}

/// Something that diagnostics can point at.
struct Spot: Sendable {
  let source: SourceText
  let span: Range<Int>
  let path: JSONPath
}

/// What tells spots apart.
struct SpotKey: Hashable {
  let source: ObjectIdentifier
  let offset: Int
}

extension Spot {
  /// What tells the spot from others.
  var key: SpotKey { SpotKey(source: ObjectIdentifier(source), offset: span.lowerBound) }
}

extension Spot: CustomStringConvertible {
  /// The path, the file and the line: `grid.sigma[1], sweep.json:12`.
  var description: String {
    "\(path), \(source.name):\(source.position(of: span.lowerBound).line)"
  }
}
