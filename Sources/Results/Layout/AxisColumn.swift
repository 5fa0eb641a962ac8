import Foundation
import HDF5

/// The values of an axis as a column: the narrowest type that holds them and the absent ones.
///
/// | values | column | absent |
/// |---|---|---|
/// | whole numbers, none absent | 32-bit integers | |
/// | numbers | float64 | NaN |
/// | texts | strings | the empty string |
/// | booleans, none absent | int8 with `dtype="bool"` | |
/// | booleans | float64, 0 or 1 | NaN |
/// | of several kinds, or an empty text | strings, each value as JSON | the empty string |
enum AxisColumn {
  private enum Kind: String {
    case number, text, boolean, json
  }

  /// The column of an axis.
  static func column(_ axis: AxisDescription, named name: String, _ values: [AxisValue?]) -> Column
  {
    let (kind, cells) = encode(values)
    let longName = axis.longName.isEmpty ? axis.name : axis.longName
    var isNumber = false
    if kind == .number { isNumber = true }
    return Column(
      name: name, values: cells, unit: isNumber ? axis.unit : "", longName: longName,
      marks: [("axis", axis.name), ("kind", kind.rawValue)])
  }

  /// The values that ``column(_:named:_:)`` made a dataset of.
  static func values(of dataset: Dataset) throws -> [AxisValue?] {
    let kind = try dataset.scalarAttribute("kind", as: String.self).flatMap(Kind.init(rawValue:))
    switch kind {
    case .number:
      return try dataset.read(as: Double.self).map { $0.isAbsent ? nil : .number($0) }
    case .boolean:
      return try dataset.read(as: Double.self).map { $0.isAbsent ? nil : .boolean($0 != 0) }
    case .text:
      return try dataset.read(as: String.self).map { $0.isEmpty ? nil : .text($0) }
    case .json:
      return try dataset.read(as: String.self).map { try value(ofCell: $0, dataset.path) }
    case nil:
      throw LayoutError(path: dataset.path, reason: "the axis column says no kind that is known")
    }
  }

  private static func encode(_ values: [AxisValue?]) -> (Kind, Column.Values) {
    let numbers = values.map { value -> Double? in
      switch value {
      case nil: .absent
      case .number(let number): number
      default: nil
      }
    }.compactMap { $0 }
    if numbers.count == values.count { return (.number, narrowest(numbers)) }
    let texts = values.compactMap { value -> String? in
      switch value {
      case nil: ""
      case .text(let text) where !text.isEmpty: text
      default: nil
      }
    }
    if texts.count == values.count { return (.text, .text(texts)) }
    let flags = values.compactMap { value -> Double? in
      switch value {
      case nil: .absent
      case .boolean(let flag): flag ? 1 : 0
      default: nil
      }
    }
    if flags.count == values.count {
      let isComplete = !flags.contains(where: \.isAbsent)
      return (.boolean, isComplete ? .boolean(flags.map { $0 != 0 }) : .number(flags))
    }
    return (.json, .text(values.map(cell)))
  }

  private static func narrowest(_ numbers: [Double]) -> Column.Values {
    let integers = numbers.compactMap { number in
      number == 0 && number.sign == .minus ? nil : Int32(exactly: number)
    }
    return integers.count == numbers.count && !numbers.isEmpty
      ? .integer(integers.map(Int.init)) : .number(numbers)
  }

  private static func cell(_ value: AxisValue?) -> String {
    switch value {
    case nil: ""
    case .number(let number): shortest(number)
    case .boolean(let flag): flag ? "true" : "false"
    case .text(let text): quoted(text)
    }
  }

  private static func quoted(_ text: String) -> String {
    var cell = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": cell += "\\\""
      case "\\": cell += "\\\\"
      case "\u{0}"..<" ": cell += String(format: "\\u%04x", scalar.value)
      default: cell.unicodeScalars.append(scalar)
      }
    }
    return cell + "\""
  }

  private static func value(ofCell cell: String, _ path: String) throws -> AxisValue? {
    switch cell {
    case "": return nil
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case _ where cell.hasPrefix("\""):
      return .text(try JSONDecoder().decode(String.self, from: Data(cell.utf8)))
    default:
      guard let number = Double(cell) else {
        throw LayoutError(path: path, reason: "the cell \(cell) is no JSON value")
      }
      return .number(number)
    }
  }
}

/// A file whose parts do not fit the format.
struct LayoutError: Error, Equatable, CustomStringConvertible {
  var path: String
  var reason: String

  var description: String { "\(path): \(reason)" }
}
