import Settings

/// A JSON text with its keys in the order of writing, for the schema that people read too.
indirect enum SchemaText: Equatable {
  case value(SettingValue)
  case list([SchemaText])
  case object([Member])

  /// A key and its value.
  struct Member: Equatable {
    let name: String
    let value: SchemaText
  }

  /// An object from pairs; those without value are left out.
  static func object(_ members: KeyValuePairs<String, SchemaText?>) -> SchemaText {
    .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
  }

  /// A text.
  static func text(_ text: String) -> SchemaText { .value(.text(text)) }

  /// A number.
  static func number(_ number: Double) -> SchemaText { .value(.number(number)) }

  /// This object with further members at its end.
  func adding(_ members: KeyValuePairs<String, SchemaText?>) -> SchemaText {
    merging(.object(members))
  }

  /// This object with the members of another at its end.
  func merging(_ other: SchemaText) -> SchemaText {
    guard case .object(let own) = self, case .object(let more) = other else { return self }
    return .object(own + more)
  }

  /// The text with two spaces of indentation; what fits into a line stands on one.
  func rendered(indentation: String = "", room: Int = 90) -> String {
    let flat = flat
    if flat.utf8.count + indentation.utf8.count <= room { return flat }
    let inner = indentation + "  "
    switch self {
    case .value:
      return flat
    case .list(let values):
      let lines = values.map { inner + $0.rendered(indentation: inner) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(indentation)]"
    case .object(let members):
      let lines = members.map { member in
        "\(inner)\(SettingValue.quoted(member.name)): "
          + member.value.rendered(indentation: inner, room: 86 - member.name.utf8.count)
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indentation)}"
    }
  }

  private var flat: String {
    switch self {
    case .value(let value):
      return value.canonicalJSON
    case .list(let values):
      return "[" + values.map(\.flat).joined(separator: ", ") + "]"
    case .object(let members):
      let parts = members.map { "\(SettingValue.quoted($0.name)): \($0.value.flat)" }
      return parts.isEmpty ? "{}" : "{ " + parts.joined(separator: ", ") + " }"
    }
  }
}
