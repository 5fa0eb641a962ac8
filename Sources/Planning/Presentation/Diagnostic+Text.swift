extension Diagnostic: CustomStringConvertible {
  /// The mistake for people, in plain text.
  public var description: String { text(.plain) }

  /// The mistake for people: place and words, the line with a caret, then what helps.
  ///
  ///     sweep.json:12:26: grid.sigma[2]: -0.3 is out of range
  ///        12 |     "sigma": [0.05, 0.1, -0.3],
  ///           |                          ^^^^
  ///       expected: a number above 0
  public func text(_ style: TextStyle) -> String {
    let shortPath = path.count > 80 ? path.prefix(60) + "…" : path[...]
    let place = "\(file):\(line):\(column): " + (path.isEmpty ? "" : "\(shortPath): ")
    let (excerpt, offset, shown) = window()
    let number = String(line)
    let margin = String(repeating: " ", count: max(0, 5 - number.count)) + number + " |"
    let emptyMargin = String(repeating: " ", count: max(5, number.count)) + " |"
    // A tab is kept in the padding, so that the caret stands under its character.
    let padding = String(excerpt.prefix(offset).map { $0 == "\t" ? "\t" : " " })
    var lines = [
      style(.place, place) + style(.mistake, message),
      style(.margin, margin) + " " + excerpt,
      style(.margin, emptyMargin) + " " + padding
        + style(.mistake, String(repeating: "^", count: shown)),
    ]
    if let expected { lines.append("  " + style(.help, "expected: \(expected)")) }
    if let nearest { lines.append("  " + style(.help, "did you mean \"\(nearest)\"?")) }
    if let remedy { lines.append("  " + style(.help, remedy)) }
    return lines.joined(separator: "\n")
  }

  /// The part of a long line around the mistake, and the mistake's offset and width in it.
  private func window() -> (excerpt: String, offset: Int, width: Int) {
    let longest = 100
    // Control characters other than tabs would disturb a terminal.
    let characters = sourceLine.map { character -> Character in
      let isControl = character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
      return isControl && character != "\t" ? "\u{fffd}" : character
    }
    let offset = min(column - 1, characters.count)
    guard characters.count > longest else {
      return (String(characters), offset, min(width, max(1, characters.count - offset)))
    }
    let first = max(0, min(offset - 40, characters.count - longest))
    let last = min(characters.count, first + longest)
    let head = first > 0 ? "…" : ""
    let tail = last < characters.count ? "…" : ""
    let excerpt = head + String(characters[first..<last]) + tail
    return (excerpt, offset - first + head.count, max(1, min(width, last - offset)))
  }
}

extension InvalidExperiment: CustomStringConvertible {
  /// How many mistakes are written out; the rest are counted.
  static let shownCount = 100

  /// The mistakes for people, in plain text.
  public var description: String { text(.plain) }

  /// The mistakes for people, an empty line between them, and their number at the end.
  public func text(_ style: TextStyle) -> String {
    var parts = diagnostics.prefix(Self.shownCount).map { $0.text(style) }
    let hidden = diagnostics.count - parts.count
    let count = diagnostics.count == 1 ? "1 mistake" : "\(diagnostics.count) mistakes"
    parts.append(
      style(.mistake, hidden > 0 ? "\(count), of which \(hidden) are not shown" : count))
    return parts.joined(separator: "\n\n") + "\n"
  }
}
