/// One mistake in an experiment file: where, what, and what to do about it.
public struct Diagnostic: Sendable, Hashable {
  /// What sort of mistake it is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
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
