import Settings

/// The few forms of Markdown that the reference is made of.
enum Markdown {
  /// A table; cells are Markdown, in which a bar is written `\|`.
  static func table(_ headings: [String], _ rows: [[String]]) -> String {
    let lines = [headings, headings.map { _ in "---" }] + rows
    return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  /// Names or JSON as they are typed.
  static func code(_ text: String) -> String { "`\(text)`" }

  /// Names as they are typed, with commas in between.
  static func codes(_ names: [String]) -> String {
    names.map(code).joined(separator: ", ")
  }

  /// A block of JSON.
  static func block(_ json: String) -> String { "```jsonc\n\(json)\n```" }

  /// Plain words, with a backslash before whatever would be a mark.
  static func words(_ text: String) -> String {
    var marked = ""
    for character in text {
      if "\\`*_<>|~".contains(character) { marked.append("\\") }
      marked.append(character)
    }
    return marked
  }

  /// A sentence: a capital at its beginning, a full stop at its end.
  static func sentence(_ text: String) -> String {
    let whole = text.prefix(1).uppercased() + text.dropFirst()
    return words(whole) + (whole.hasSuffix(".") ? "" : ".")
  }
}
