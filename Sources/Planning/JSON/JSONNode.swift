import Settings

/// A JSON value with its place in the file.
struct JSONNode: Sendable {
  /// What the value says.
  enum Content: Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case list([JSONNode])
    case object([JSONMember])
    /// A mistake stood here and has been reported; nothing more is to be said about it.
    case invalid
  }

  let content: Content
  /// The bytes of the value.
  let span: Range<Int>

  /// The member of an object with a name, nil where there is none.
  subscript(name: String) -> JSONMember? {
    guard case .object(let members) = content else { return nil }
    return members.first { $0.name == name }
  }

  var isInvalid: Bool {
    if case .invalid = content { true } else { false }
  }

  /// The value with its article, for messages: "a number".
  var typeName: String {
    switch content {
    case .null: "null"
    case .boolean: "a boolean"
    case .number: "a number"
    case .text: "a text"
    case .list: "a list"
    case .object: "an object"
    case .invalid: "a mistake"
    }
  }

  /// The value without its place, nil where a mistake stands in it.
  var plain: SettingValue? {
    switch content {
    case .null: return .null
    case .boolean(let flag): return .boolean(flag)
    case .number(let number): return .number(number)
    case .text(let text): return .text(text)
    case .invalid: return nil
    case .list(let nodes):
      let values = nodes.compactMap(\.plain)
      return values.count == nodes.count ? .list(values) : nil
    case .object(let members):
      let values = members.compactMap { member in
        member.value.plain.map { SettingValue.Member(member.name, $0) }
      }
      guard values.count == members.count else { return nil }
      return .object(values.sorted { $0.name < $1.name })
    }
  }
}

/// One key and its value.
struct JSONMember: Sendable {
  let name: String
  /// The bytes of the key, quotes included.
  let nameSpan: Range<Int>
  let value: JSONNode
}

/// Where a value is in a file, written as people write it: `grid.sigma[2]`.
struct JSONPath: Sendable, Hashable, CustomStringConvertible {
  private(set) var description = ""

  /// The path of a member.
  static func + (path: JSONPath, name: String) -> JSONPath {
    var longer = path
    let isPlain =
      !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "."), UInt8(ascii: "$"):
          true
        default: false
        }
      }
    if isPlain {
      longer.description += path.description.isEmpty ? name : "." + name
    } else {
      longer.description += "[" + SettingValue.quoted(String(name.prefix(40))) + "]"
    }
    return longer
  }

  /// Whether the value stands in a `base`, where axes may still replace it.
  var isInBase: Bool { description.hasPrefix("base") || description.contains("].base") }

  /// The path of an element.
  static func + (path: JSONPath, index: Int) -> JSONPath {
    var longer = path
    longer.description += "[\(index)]"
    return longer
  }
}

extension SettingValue {
  /// Reads a JSON text; nil where it has any mistake.
  public init?(json text: String) {
    let document = JSONReader.read(SourceText(Array(text.utf8), name: ""))
    guard document.diagnostics.isEmpty, let value = document.root.plain else { return nil }
    self = value
  }
}
