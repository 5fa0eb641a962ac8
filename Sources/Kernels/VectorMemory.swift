/// A SIMD vector that kernels load from and store to memory of any alignment.
typealias KernelVector = SIMD & BitwiseCopyable

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
