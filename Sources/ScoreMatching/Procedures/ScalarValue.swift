/// A scalar input of a program and the number it is given.
public struct ScalarValue: Sendable, Hashable {
  /// The name of the input, as in `Tensor.scalar(name)`.
  public let name: String
  /// Its value at this step.
  public let value: Double

  /// The value of the scalar input of this name.
  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}
