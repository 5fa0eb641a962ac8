import Settings

extension Diagnostic {
  /// The mistake for programs: one JSON object on one line, its keys always the same.
  ///
  /// Keys: `kind` (in lower snake case), `file`, `line` and `column` (from 1, in characters), `width`,
  /// `path`, `message`; `expected`, `nearest` and `remedy`, null where there is nothing to say.
  var json: String {
    let members: KeyValuePairs<String, SettingValue> = [
      "kind": .text(kind.word), "file": .text(file), "line": .number(Double(line)),
      "column": .number(Double(column)), "width": .number(Double(width)), "path": .text(path),
      "message": .text(message), "expected": expected.map { .text($0) } ?? .null,
      "nearest": nearest.map { .text($0) } ?? .null, "remedy": remedy.map { .text($0) } ?? .null,
    ]
    let parts = members.map { "\(SettingValue.quoted($0.key)):\($0.value.canonicalJSON)" }
    return "{" + parts.joined(separator: ",") + "}"
  }
}

extension Diagnostic.Kind {
  /// The kind in lower snake case, for programs.
  var word: String {
    rawValue.map { $0.isUppercase ? "_" + $0.lowercased() : String($0) }.joined()
  }
}

extension InvalidExperiment {
  /// All mistakes for programs, one to a line: `{"diagnostics":[…]}`.
  public var json: String {
    "{\"diagnostics\":[\n" + diagnostics.map { "  " + $0.json }.joined(separator: ",\n") + "\n]}\n"
  }
}
