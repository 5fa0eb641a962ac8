/// One mistake in an experiment file: where, what, and what to do about it.
public struct Diagnostic: Sendable, Hashable {
  /// What sort of mistake it is.
  public enum Kind: String, Sendable, Hashable {
    /// The text is not JSON.
    case syntax
    /// Lists and objects stand in each other too deep.
    case depth
    /// An object says a key twice.
    case duplicateKey
    /// A number is too large or too small for a Double.
    case unrepresentableNumber
    /// A key, setting, axis, metric or variant that does not exist.
    case unknownName
    /// Something that must be said is not.
    case missing
    /// A value of another type than the setting takes.
    case wrongType
    /// A value of the right type outside its range or choices.
    case outOfRange
    /// Something that says nothing about any trial: an axis that no loss of the grid has.
    case unused
    /// Two parts of the file that contradict each other.
    case conflict
    /// A combination of settings that has no meaning.
    case refused
    /// A grid without trials or with too many.
    case gridSize
  }

  /// What sort of mistake it is.
  public let kind: Kind
  /// The file, as it was named on the way in.
  public let file: String
  /// The line, from 1.
  public let line: Int
  /// The column, from 1, in characters.
  public let column: Int
  /// How many characters of the line the mistake covers.
  public let width: Int
  /// Where it is in the JSON value: `grid.sigma[2]`; empty for the whole.
  public let path: String
  /// What is wrong, a clause.
  public let message: String
  /// What would be right, a noun phrase.
  public let expected: String?
  /// The known name that was probably meant.
  public let nearest: String?
  /// What to do, a sentence in the imperative.
  public let remedy: String?
  /// The line itself.
  public let sourceLine: String
}

extension Diagnostic {
  /// A mistake at a span of a source text.
  init(
    _ kind: Kind, in source: SourceText, at span: Range<Int>, path: String, _ message: String,
    expected: String? = nil, nearest: String? = nil, remedy: String? = nil
  ) {
    self.kind = kind
    self.path = path
    self.message = message
    self.expected = expected
    self.nearest = nearest
    self.remedy = remedy
    file = source.name
    (line, column) = source.position(of: span.lowerBound)
    width = source.width(of: span)
    sourceLine = source.line(holding: span.lowerBound)
  }
}

extension Diagnostic {
  /// A mistake at a spot of the file, an included one or the command line.
  init(
    _ kind: Kind, _ spot: Spot, _ message: String, expected: String? = nil,
    nearest: String? = nil, remedy: String? = nil
  ) {
    self.init(
      kind, in: spot.source, at: spot.span, path: spot.path.description, message,
      expected: expected, nearest: nearest, remedy: remedy)
  }
}

extension Diagnostic: Comparable {
  /// The order of the file.
  public static func < (one: Diagnostic, other: Diagnostic) -> Bool {
    (one.line, one.column, one.message) < (other.line, other.column, other.message)
  }
}

extension Diagnostic: CustomStringConvertible {
  /// The mistake for people: place and words, the line with a caret, then what helps.
  ///
  ///     sweep.json:12:26: grid.sigma[2]: -0.3 is out of range
  ///        12 |     "sigma": [0.05, 0.1, -0.3],
  ///           |                          ^^^^
  ///       expected: a number above 0
  public var description: String {
    let shortPath = path.count > 80 ? path.prefix(60) + "…" : path[...]
    let place = "\(file):\(line):\(column): " + (path.isEmpty ? "" : "\(shortPath): ")
    let (excerpt, offset, shown) = window()
    let number = String(line)
    let margin = String(repeating: " ", count: max(0, 5 - number.count))
    // A tab is kept in the padding, so that the caret stands under its character.
    let padding = String(excerpt.prefix(offset).map { $0 == "\t" ? "\t" : " " })
    let caret = String(repeating: "^", count: shown)
    var lines = [
      place + message,
      "\(margin)\(number) | \(excerpt)",
      "\(String(repeating: " ", count: max(5, number.count))) | \(padding)\(caret)",
    ]
    if let expected { lines.append("  expected: \(expected)") }
    if let nearest { lines.append("  did you mean \"\(nearest)\"?") }
    if let remedy { lines.append("  \(remedy)") }
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

/// An experiment file that cannot be run: every mistake found in it, in the order of the file.
public struct InvalidExperiment: Error, Sendable, Equatable {
  /// The mistakes, at least one.
  public let diagnostics: [Diagnostic]

  /// The mistakes of an experiment, without repetition: those of its file in the order of the lines, then
  /// those of files that it includes, then those of the command line.
  init(_ diagnostics: [Diagnostic], in file: String) {
    func rank(_ diagnostic: Diagnostic) -> Int {
      diagnostic.file == file ? 0 : diagnostic.file.hasPrefix("--") ? 2 : 1
    }
    var sorted: [Diagnostic] = []
    let ordered = diagnostics.sorted { one, other in
      (rank(one), one.file) == (rank(other), other.file)
        ? one < other : (rank(one), one.file) < (rank(other), other.file)
    }
    for diagnostic in ordered where sorted.last != diagnostic {
      sorted.append(diagnostic)
    }
    self.diagnostics = sorted
  }
}

extension InvalidExperiment: CustomStringConvertible {
  /// How many mistakes are written out; the rest are counted.
  static let shownCount = 100

  /// The mistakes for people, an empty line between them, and their number at the end.
  public var description: String {
    var parts = diagnostics.prefix(Self.shownCount).map(\.description)
    let hidden = diagnostics.count - parts.count
    let count = diagnostics.count == 1 ? "1 mistake" : "\(diagnostics.count) mistakes"
    parts.append(hidden > 0 ? "\(count), of which \(hidden) are not shown" : count)
    return parts.joined(separator: "\n\n") + "\n"
  }
}
