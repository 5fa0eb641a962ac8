/// One value of an axis of the grid.
public enum AxisValue: Sendable, Hashable {
  case number(Double)
  case text(String)
  case boolean(Bool)
}

extension AxisValue: CustomStringConvertible {
  /// The value in the shortest form that says it: `8`, `0.05`, `ssm-vr`, `true`.
  public var description: String {
    switch self {
    case .number(let number): shortest(number)
    case .text(let text): text
    case .boolean(let flag): flag ? "true" : "false"
    }
  }
}

/// Where a trial stands on one axis.
public struct AxisEntry: Sendable, Hashable {
  /// The name of the axis.
  public var name: String
  /// nil where the axis does not apply to the trial.
  public var value: AxisValue?

  /// An axis and the value on it.
  public init(_ name: String, _ value: AxisValue?) {
    self.name = name
    self.value = value
  }
}

/// One axis of a grid with its values in the order of the plan.
public struct AxisDescription: Sendable, Hashable {
  /// The name of the axis.
  public var name: String
  /// The values in the order of the plan.
  public var values: [AxisValue]
  /// A unit in the words of the CF conventions, "1" for a pure number.
  public var unit: String
  /// What a plot's axis would say; empty for the name itself.
  public var longName: String

  /// An axis and its values.
  public init(_ name: String, _ values: [AxisValue], unit: String = "1", longName: String = "") {
    self.name = name
    self.values = values
    self.unit = unit
    self.longName = longName
  }
}

/// A number in the fewest digits that read back as the same number, integers without a point.
func shortest(_ number: Double) -> String {
  if number == number.rounded(), number.magnitude < 1e15, !(number == 0 && number.sign == .minus) {
    return String(Int(number))
  }
  return number.description
}
