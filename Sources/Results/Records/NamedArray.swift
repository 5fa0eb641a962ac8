/// A named array of numbers, row-major: a learned parameter or a set of samples.
public struct NamedArray: Sendable, Equatable {
  /// The numbers in the precision that they were computed in.
  public enum Values: Sendable {
    case float32([Float])
    case float64([Double])

    /// The number of elements.
    public var count: Int {
      switch self {
      case .float32(let values): values.count
      case .float64(let values): values.count
      }
    }
  }

  /// The name: `layer0.weight`.
  public var name: String
  /// The extents; empty for one number.
  public var shape: [Int]
  /// The numbers, row-major.
  public var values: Values

  /// An array of all parts.
  ///
  /// - Precondition: `values` has as many elements as the shape says.
  public init(_ name: String, shape: [Int], values: Values) {
    precondition(
      values.count == shape.reduce(1, *),
      "array \(name): shape \(shape) does not hold \(values.count) elements")
    self.name = name
    self.shape = shape
    self.values = values
  }
}

extension NamedArray.Values: Equatable {
  /// Equal when the precision is the same and every number has the same bits.
  public static func == (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.float32(let a), .float32(let b)): sameBits(a, b)
    case (.float64(let a), .float64(let b)): sameBits(a, b)
    default: false
    }
  }
}

/// Whether two arrays hold the same bits: a NaN equals itself, and 0 differs from -0.
func sameBits(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
}

/// Whether two arrays hold the same bits: a NaN equals itself, and 0 differs from -0.
func sameBits(_ a: [Float], _ b: [Float]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
}
