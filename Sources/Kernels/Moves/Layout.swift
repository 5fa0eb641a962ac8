/// The axes of a strided copy after those of extent 1 are dropped and neighbours that move
/// together are merged. Eight axes in registers or on the stack: nothing is allocated.
struct Layout {
  var rank = 0
  var extents = SIMD8<Int>(repeating: 1)
  var strides = SIMD8<Int>()
  var destinationStrides = SIMD8<Int>()

  /// The axis that is walked together with the last one; when there is only one axis, a second,
  /// of extent 1, stands for it.
  var rowAxis = 0

  /// Adds an axis inside the present ones.
  mutating func append(extent: Int, stride: Int) {
    if extent == 1 { return }
    if rank > 0 && strides[rank - 1] == extent * stride {
      extents[rank - 1] *= extent
      strides[rank - 1] = stride
      return
    }
    extents[rank] = extent
    strides[rank] = stride
    rank += 1
  }

  /// Computes the destination's strides and chooses the row axis: the one that is contiguous
  /// in the source when the last is not, otherwise the last but one.
  mutating func finish() {
    while rank < 2 { prependUnit() }
    var stride = 1
    for axis in Swift.stride(from: rank - 1, through: 0, by: -1) {
      destinationStrides[axis] = stride
      stride *= extents[axis]
    }
    rowAxis = rank - 2
    let last = strides[rank - 1]
    if last != 0 && last != 1 {
      for axis in 0..<(rank - 1) where strides[axis] == 1 { rowAxis = axis }
    }
  }

  private mutating func prependUnit() {
    for axis in Swift.stride(from: rank, to: 0, by: -1) {
      extents[axis] = extents[axis - 1]
      strides[axis] = strides[axis - 1]
    }
    extents[0] = 1
    strides[0] = 0
    rank += 1
  }
}
