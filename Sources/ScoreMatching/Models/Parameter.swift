import Expressions
import Randomness

/// A named array that training learns.
public struct Parameter: Sendable, Hashable {
  /// The name under which it is kept: `layer0.weight`.
  public let name: String
  /// Its extents; a weight is [inputs, outputs].
  public let shape: Shape
  /// The law of its value before training.
  public let initial: InitialLaw

  /// A parameter of the given name, shape and initial law.
  public init(_ name: String, _ shape: Shape, initial: InitialLaw) {
    self.name = name
    self.shape = shape
    self.initial = initial
  }
}

/// The law of a parameter's elements before training.
public enum InitialLaw: Sendable, Hashable {
  /// Every element 0.
  case zeros
  /// Normal with mean 0.
  case normal(standardDeviation: Double)
  /// Uniform between minus and plus the bound.
  case uniform(bound: Double)
  /// A square matrix with this number on its diagonal and 0 elsewhere.
  case diagonal(Double)
  /// These elements, row-major.
  case values([Double])

  /// `count` elements, row-major; laws without chance take nothing from the generator.
  public func draw(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    switch self {
    case .zeros:
      return [Double](repeating: 0, count: count)
    case .normal(let standardDeviation):
      return (0..<count).map { _ in standardDeviation * generator.normal() }
    case .uniform(let bound):
      return (0..<count).map { _ in bound * (2 * generator.uniform() - 1) }
    case .diagonal(let value):
      let extent = Int(Double(count).squareRoot())
      precondition(extent * extent == count, "diagonal: \(count) elements are no square matrix")
      return (0..<count).map { $0 / extent == $0 % extent ? value : 0 }
    case .values(let values):
      precondition(values.count == count, "values: \(values.count) for \(count) elements")
      return values
    }
  }
}
