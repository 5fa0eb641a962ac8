/// A small fact kept as an HDF5 attribute.
public enum AttributeValue: Sendable {
  case text(String)
  case number(Double)
  case integer(Int)
  case boolean(Bool)
  case texts([String])
  case numbers([Double])
  case integers([Int])
}

extension AttributeValue: Equatable {
  /// Equal when the kind is the same and every number has the same bits.
  public static func == (a: AttributeValue, b: AttributeValue) -> Bool {
    switch (a, b) {
    case (.text(let a), .text(let b)): a == b
    case (.number(let a), .number(let b)): a.bitPattern == b.bitPattern
    case (.integer(let a), .integer(let b)): a == b
    case (.boolean(let a), .boolean(let b)): a == b
    case (.texts(let a), .texts(let b)): a == b
    case (.numbers(let a), .numbers(let b)): sameBits(a, b)
    case (.integers(let a), .integers(let b)): a == b
    default: false
    }
  }
}

/// A named small fact.
public struct Attribute: Sendable, Equatable {
  /// The name.
  public var name: String
  /// The fact.
  public var value: AttributeValue

  /// A name and its fact.
  public init(_ name: String, _ value: AttributeValue) {
    self.name = name
    self.value = value
  }
}
