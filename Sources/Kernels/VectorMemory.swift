#if canImport(CCPU)
  internal import CCPU
#endif

/// A SIMD vector of kernel scalars, one register wide.
protocol KernelVector: SIMD, BitwiseCopyable where Scalar: KernelScalar {
  /// self + x · y, rounded once.
  func plus(_ x: Self, times y: Self) -> Self

  /// √x, correctly rounded; NaN below 0.
  static func squareRoot(_ x: Self) -> Self
}

// Without the C module the standard library's lane by lane forms give the same bits, slowly.
extension SIMD8: KernelVector where Scalar == Float {
  @inline(__always)
  func plus(_ x: Self, times y: Self) -> Self {
    #if canImport(CCPU)
      ccpu_multiply_add_float8(x, y, self)
    #else
      addingProduct(x, y)
    #endif
  }

  @inline(__always)
  static func squareRoot(_ x: Self) -> Self {
    #if canImport(CCPU)
      ccpu_square_root_float8(x)
    #else
      x.squareRoot()
    #endif
  }
}

extension SIMD4: KernelVector where Scalar == Double {
  @inline(__always)
  func plus(_ x: Self, times y: Self) -> Self {
    #if canImport(CCPU)
      ccpu_multiply_add_double4(x, y, self)
    #else
      addingProduct(x, y)
    #endif
  }

  @inline(__always)
  static func squareRoot(_ x: Self) -> Self {
    #if canImport(CCPU)
      ccpu_square_root_double4(x)
    #else
      x.squareRoot()
    #endif
  }
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
