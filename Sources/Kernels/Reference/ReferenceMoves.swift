extension Reference {
  static func stridedCopy<Scalar: KernelScalar>(
    extents: UnsafeBufferPointer<Int>, _ source: UnsafePointer<Scalar>,
    strides: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Scalar>
  ) {
    var count = 1
    for extent in extents { count *= extent }
    for position in 0..<count {
      var rest = position
      var offset = 0
      for axis in stride(from: extents.count - 1, through: 0, by: -1) {
        offset += rest % extents[axis] * strides[axis]
        rest /= extents[axis]
      }
      destination[position] = source[offset]
    }
  }

  static func gatherRows<Scalar: KernelScalar>(
    _ source: UnsafePointer<Scalar>, columns: Int, indices: UnsafePointer<Int32>, count: Int,
    into destination: UnsafeMutablePointer<Scalar>
  ) {
    for i in 0..<count {
      for c in 0..<columns {
        destination[i * columns + c] = source[Int(indices[i]) * columns + c]
      }
    }
  }
}
