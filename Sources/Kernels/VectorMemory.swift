internal import CCPU

/// A SIMD vector of kernel scalars, one register wide.
protocol KernelVector: SIMD, BitwiseCopyable where Scalar: KernelScalar {
  /// self + x · y, rounded once.
  func plus(_ x: Self, times y: Self) -> Self

  /// √x, correctly rounded; NaN below 0.
  static func squareRoot(_ x: Self) -> Self

  /// Vector registers that the code may use.
  static var registerCount: Int { get }
}

extension KernelVector {
  @inline(__always)
  static var registerCount: Int { Int(ccpu_vector_registers()) }
}

/// A register of Float: eight lanes, sixteen with AVX-512.
typealias FloatVector = ccpu_float
/// A register of Double: four lanes, eight with AVX-512.
typealias DoubleVector = ccpu_double

extension ccpu_float: KernelVector {
  @inline(__always)
  func plus(_ x: Self, times y: Self) -> Self { ccpu_multiply_add_float(x, y, self) }

  @inline(__always)
  static func squareRoot(_ x: Self) -> Self { ccpu_square_root_float(x) }
}

extension ccpu_double: KernelVector {
  @inline(__always)
  func plus(_ x: Self, times y: Self) -> Self { ccpu_multiply_add_double(x, y, self) }

  @inline(__always)
  static func squareRoot(_ x: Self) -> Self { ccpu_square_root_double(x) }
}

extension UnsafePointer where Pointee: KernelScalar {
  /// The vector that begins at element `offset`.
  @inline(__always)
  func load<Vector: KernelVector>(_ offset: Int, as type: Vector.Type = Vector.self) -> Vector
  where Vector.Scalar == Pointee {
    UnsafeRawPointer(self + offset).loadUnaligned(as: Vector.self)
  }
}

extension UnsafeMutablePointer where Pointee: KernelScalar {
  /// The vector that begins at element `offset`.
  @inline(__always)
  func load<Vector: KernelVector>(_ offset: Int, as type: Vector.Type = Vector.self) -> Vector
  where Vector.Scalar == Pointee {
    UnsafeRawPointer(self + offset).loadUnaligned(as: Vector.self)
  }

  /// Writes `vector` from element `offset` on.
  @inline(__always)
  func store<Vector: KernelVector>(_ vector: Vector, _ offset: Int)
  where Vector.Scalar == Pointee {
    UnsafeMutableRawPointer(self + offset).storeBytes(of: vector, as: Vector.self)
  }
}
