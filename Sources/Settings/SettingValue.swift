/// A value that an experiment can give to a setting: what JSON can say, with every number a Double.
///
/// `1`, `1.0` and `1e0` are the same value. Members of an object are kept sorted by name, so that two
/// objects that say the same are equal whatever the order they were written in.
public enum SettingValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([SettingValue])
  case object([Member])

  /// One name and its value in an object.
  public struct Member: Sendable, Hashable {
    /// The member's JSON key.
    public let name: String
    /// What the object says under that key.
    public var value: SettingValue

    /// A member called `name` that says `value`.
    public init(_ name: String, _ value: SettingValue) {
      self.name = name
      self.value = value
    }
  }

  /// An object with its members sorted by name.
  public static func object(_ members: KeyValuePairs<String, SettingValue>) -> SettingValue {
    .object(members.map { Member($0.key, $0.value) }.sorted { $0.name < $1.name })
  }
}

extension SettingValue {
  /// The value at a dotted path ("training.optimizer.learning_rate"), nil where it is absent.
  ///
  /// A text reached while names remain stands for an object whose only member is its `type`:
  /// `"adam"` and `{"type": "adam"}` are the same choice.
  ///
  /// - Complexity: the members on the way; it allocates nothing, so that rules may ask freely.
  public subscript(path: String) -> SettingValue? {
    var current = self
    var rest = path[...]
    while !rest.isEmpty {
      let name: Substring
      if let dot = rest.utf8.firstIndex(of: UInt8(ascii: ".")) {
        name = rest[..<dot]
        rest = rest[rest.utf8.index(after: dot)...]
      } else {
        name = rest
        rest = ""
      }
      switch current {
      case .object(let members):
        guard let member = members.first(where: { $0.name == name }) else { return nil }
        current = member.value
      case .text where name == "type":
        break
      default:
        return nil
      }
    }
    return current
  }

  /// This object with the value at a dotted path set, objects on the way made where absent.
  public func setting(_ path: String, to value: SettingValue) -> SettingValue {
    var copy = self
    copy.set(path.split(separator: ".").map(String.init)[...], to: value)
    return copy
  }

  /// Sets the value at a path given as its names, objects on the way made where absent.
  ///
  /// A text on the way ("adam") becomes the object that it is short for.
  public mutating func set(_ path: ArraySlice<String>, to value: SettingValue) {
    guard let name = path.first else {
      self = value
      return
    }
    var members: [Member]
    switch self {
    case .object(let own):
      members = own
    case .text(let type):
      members = [Member("type", .text(type))]
    default:
      members = []
    }
    self = .null  // the members are then held once, and changed in place
    if let index = members.firstIndex(where: { $0.name == name }) {
      members[index].value.set(path.dropFirst(), to: value)
    } else {
      var inner = SettingValue.object([Member]())
      inner.set(path.dropFirst(), to: value)
      let place = members.firstIndex { $0.name > name } ?? members.endIndex
      members.insert(Member(name, inner), at: place)
    }
    self = .object(members)
  }
}

/// Reading a trial's settings after the planner has checked them: an absent or mistyped value is then a
/// mistake of the program, not of its user, and stops it with the path.
extension SettingValue {
  /// Whether the path says something other than null ("none").
  public func has(_ path: String) -> Bool {
    switch self[path] {
    case nil, .null: false
    default: true
    }
  }

  /// The number at a path.
  public func real(_ path: String) -> Double {
    guard case .number(let number) = self[path] else { return misuse(path, "number") }
    return number
  }

  /// The whole number at a path.
  public func integer(_ path: String) -> Int {
    guard let number = Int(exactly: real(path)) else { return misuse(path, "whole number") }
    return number
  }

  /// The text at a path.
  public func text(_ path: String) -> String {
    guard case .text(let text) = self[path] else { return misuse(path, "text") }
    return text
  }

  /// The choice that the text at a path names.
  public func choice<Name: RawRepresentable>(_ path: String) -> Name where Name.RawValue == String {
    guard let name = Name(rawValue: text(path)) else { return misuse(path, "declared choice") }
    return name
  }

  /// The boolean at a path.
  public func boolean(_ path: String) -> Bool {
    guard case .boolean(let flag) = self[path] else { return misuse(path, "boolean") }
    return flag
  }

  /// The list at a path.
  public func list(_ path: String) -> [SettingValue] {
    guard case .list(let values) = self[path] else { return misuse(path, "list") }
    return values
  }

  /// The list of whole numbers at a path.
  public func integers(_ path: String) -> [Int] {
    list(path).map { value in
      guard case .number(let number) = value, let integer = Int(exactly: number) else {
        return misuse(path, "list of whole numbers")
      }
      return integer
    }
  }

  /// The list of numbers at a path.
  public func reals(_ path: String) -> [Double] {
    list(path).map { value in
      guard case .number(let number) = value else { return misuse(path, "list of numbers") }
      return number
    }
  }

  private func misuse<T>(_ path: String, _ wanted: String) -> T {
    let found = self[path].map(\.canonicalJSON) ?? "nothing"
    preconditionFailure("setting \(path): a \(wanted) is needed, found \(found)")
  }
}
