/// Copies that change the layout: strided, broadcast, transposed, gathered.
enum Move<Scalar: KernelScalar> {
  typealias Input = UnsafePointer<Scalar>
  typealias Output = UnsafeMutablePointer<Scalar>

  static func gatherRows(
    _ source: Input, columns: Int, indices: UnsafePointer<Int32>, count: Int,
    into destination: Output
  ) {
    for i in 0..<count {
      copyRow(source + Int(indices[i]) &* columns, into: destination + i &* columns, columns)
    }
  }

  /// A contiguous copy; short rows are not worth a call to memcpy.
  @inline(__always)
  static func copyRow(_ source: Input, into destination: Output, _ count: Int) {
    if count >= 64 {
      destination.update(from: source, count: count)
      return
    }
    var i = 0
    while i &+ 8 <= count {
      let vector: SIMD8<Scalar> = UnsafeRawPointer(source + i).loadUnaligned(as: SIMD8<Scalar>.self)
      UnsafeMutableRawPointer(destination + i).storeBytes(of: vector, as: SIMD8<Scalar>.self)
      i &+= 8
    }
    while i < count {
      destination[i] = source[i]
      i &+= 1
    }
  }

  static func stridedCopy(
    extents: UnsafeBufferPointer<Int>, _ source: Input, strides: UnsafeBufferPointer<Int>,
    into destination: Output
  ) {
    precondition(
      extents.count <= 8 && extents.count == strides.count,
      "stridedCopy: \(extents.count) extents, \(strides.count) strides")
    var layout = Layout()
    for axis in 0..<extents.count {
      if extents[axis] == 0 { return }
      layout.append(extent: extents[axis], stride: strides[axis])
    }
    layout.finish()
    copy(layout, source, into: destination)
  }

  /// Runs over all planes: the innermost axis and the one that is best walked with it.
  private static func copy(_ layout: Layout, _ source: Input, into destination: Output) {
    let last = layout.rank - 1
    let row = layout.rowAxis
    var index = SIMD8<Int>()
    var from = source
    var to = destination
    while true {
      copyPlane(
        rows: layout.extents[row], columns: layout.extents[last], from,
        rowStride: layout.strides[row], columnStride: layout.strides[last], into: to,
        destinationStride: layout.destinationStrides[row])
      // The odometer over the other axes.
      var axis = last - 1
      while axis >= 0 {
        if axis != row {
          index[axis] &+= 1
          from += layout.strides[axis]
          to += layout.destinationStrides[axis]
          if index[axis] < layout.extents[axis] { break }
          from -= layout.extents[axis] &* layout.strides[axis]
          to -= layout.extents[axis] &* layout.destinationStrides[axis]
          index[axis] = 0
        }
        axis &-= 1
      }
      if axis < 0 { return }
    }
  }

  @inline(__always)
  private static func copyPlane(
    rows: Int, columns: Int, _ source: Input, rowStride: Int, columnStride: Int,
    into destination: Output, destinationStride: Int
  ) {
    if columnStride == 1 {
      for r in 0..<rows {
        copyRow(source + r &* rowStride, into: destination + r &* destinationStride, columns)
      }
    } else if columnStride == 0 {
      for r in 0..<rows {
        let value = source[r &* rowStride]
        let row = destination + r &* destinationStride
        for c in 0..<columns { row[c] = value }
      }
    } else if rowStride == 1 {
      transpose(
        rows: rows, columns: columns, source, sourceStride: columnStride, into: destination,
        destinationStride: destinationStride)
    } else {
      for r in 0..<rows {
        let from = source + r &* rowStride
        let row = destination + r &* destinationStride
        for c in 0..<columns { row[c] = from[c &* columnStride] }
      }
    }
  }

  /// destination[r, c] = source[c, r] in squares of four, which live in registers.
  static func transpose(
    rows: Int, columns: Int, _ source: Input, sourceStride: Int, into destination: Output,
    destinationStride: Int
  ) {
    let wholeRows = rows & ~3
    let wholeColumns = columns & ~3
    for r in Swift.stride(from: 0, to: wholeRows, by: 4) {
      for c in Swift.stride(from: 0, to: wholeColumns, by: 4) {
        transposeFour(
          source + c &* sourceStride + r, sourceStride,
          into: destination + r &* destinationStride + c, destinationStride)
      }
      for c in wholeColumns..<columns {
        for i in r..<(r &+ 4) {
          destination[i &* destinationStride &+ c] = source[c &* sourceStride &+ i]
        }
      }
    }
    for r in wholeRows..<rows {
      for c in 0..<columns {
        destination[r &* destinationStride &+ c] = source[c &* sourceStride &+ r]
      }
    }
  }

  @inline(__always)
  static func transposeFour(
    _ source: Input, _ sourceStride: Int, into destination: Output, _ destinationStride: Int
  ) {
    typealias Four = SIMD4<Scalar>
    let a = UnsafeRawPointer(source).loadUnaligned(as: Four.self)
    let b = UnsafeRawPointer(source + sourceStride).loadUnaligned(as: Four.self)
    let c = UnsafeRawPointer(source + 2 &* sourceStride).loadUnaligned(as: Four.self)
    let d = UnsafeRawPointer(source + 3 &* sourceStride).loadUnaligned(as: Four.self)
    for lane in 0..<4 {
      UnsafeMutableRawPointer(destination + lane &* destinationStride).storeBytes(
        of: Four(a[lane], b[lane], c[lane], d[lane]), as: Four.self)
    }
  }
}
