import Testing

@testable import Kernels

// Seen to fail: an odometer that does not step back an axis it has run through, a merge of
// axes over the padding between them, the transpose's leftover columns dropped.

/// A destination shape and source strides; the source is as large as they need.
private struct Copy {
  var extents: [Int]
  var strides: [Int]

  /// Whether the kernel and the reference fill the destination alike, and nothing behind it.
  func agrees<Scalar: KernelScalar>(_ scalar: Scalar.Type) -> Bool {
    var low = 0
    var high = 0
    for (extent, stride) in zip(extents, strides) where extent > 0 {
      low += min(0, (extent - 1) * stride)
      high += max(0, (extent - 1) * stride)
    }
    let source = (0...(high - low)).map { Scalar($0 + 1) }
    let count = extents.reduce(1, *)
    var value = [Scalar](repeating: -1, count: count + 2)
    var expected = value
    source.withUnsafeBufferPointer { buffer in
      extents.withUnsafeBufferPointer { extents in
        strides.withUnsafeBufferPointer { strides in
          guard let base = buffer.baseAddress else { return }
          Scalar.stridedCopy(extents: extents, base - low, strides: strides, into: &value)
          Reference.stridedCopy(extents: extents, base - low, strides: strides, into: &expected)
        }
      }
    }
    return value == expected
  }
}

@Test func randomPermutationsBroadcastsAndPaddingsAgreeWithTheReference() {
  var random = TestRandom(9)
  for _ in 0..<3000 {
    let rank = Int.random(in: 0...8, using: &random)
    let largest = rank <= 2 ? 40 : (rank <= 4 ? 9 : 3)
    let extents = (0..<rank).map { _ in Int.random(in: 1...largest, using: &random) }
    // Dense strides of some order of the axes, with occasional padding, broadcast and reversal.
    var strides = [Int](repeating: 0, count: rank)
    var stride = 1
    for axis in (0..<rank).shuffled(using: &random) {
      strides[axis] = stride
      stride *= extents[axis] + (Int.random(in: 0..<4, using: &random) == 0 ? 2 : 0)
      if Int.random(in: 0..<5, using: &random) == 0 { strides[axis] = 0 }
      if Int.random(in: 0..<12, using: &random) == 0 { strides[axis] = -strides[axis] }
    }
    let copy = Copy(extents: extents, strides: strides)
    #expect(copy.agrees(Float.self) && copy.agrees(Double.self), "\(copy)")
  }
}

@Test func transposesOfEverySizeAgreeWithTheReference() {
  for rows in Array(1...10) + [16, 33] {
    for columns in Array(1...10) + [16, 33] {
      for padding in [0, 1] {
        let plain = Copy(extents: [rows, columns], strides: [1, rows + padding])
        #expect(plain.agrees(Float.self) && plain.agrees(Double.self), "\(plain)")
        let batched = Copy(
          extents: [3, rows, columns], strides: [rows * columns + padding, 1, rows])
        #expect(batched.agrees(Float.self), "\(batched)")
        let split = Copy(extents: [rows, 3, columns], strides: [1, rows * columns, rows])
        #expect(split.agrees(Float.self), "\(split)")
      }
    }
  }
}

@Test func emptyAndScalarShapesAreHandled() {
  for extents in [[0], [3, 0], [0, 3], [2, 0, 3]] {
    let copy = Copy(extents: extents, strides: extents.map { _ in 1 })
    #expect(copy.agrees(Float.self))
  }
  #expect(Copy(extents: [], strides: []).agrees(Double.self))
  #expect(Copy(extents: [1, 1, 1], strides: [5, 0, 7]).agrees(Double.self))
}

@Test func gatheredRowsAgreeWithTheReference() {
  var random = TestRandom(10)
  for columns in [0, 1, 2, 3, 7, 8, 9, 16, 63, 64, 65, 200] {
    for count in [0, 1, 5, 20] {
      let source = random.array(11 * columns, of: Float.self)
      let indices = (0..<count).map { _ in Int32.random(in: 0..<11, using: &random) }
      var value = [Float](repeating: -1, count: count * columns + 1)
      var expected = value
      Float.gatherRows(source, columns: columns, indices: indices, count: count, into: &value)
      Reference.gatherRows(
        source, columns: columns, indices: indices, count: count, into: &expected)
      #expect(value == expected)
    }
  }
}
