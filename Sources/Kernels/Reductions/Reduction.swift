/// Sums, inner products and maxima over contiguous elements.
///
/// Four vectors accumulate side by side, then add up in pairs, then lane by lane in pairs; the
/// elements behind the last whole vector come last, in order. So the order of a sum is a
/// function of its length.
enum Reduction<Vector: ElementaryVector> {
  typealias Scalar = Vector.Scalar
  typealias Input = UnsafePointer<Scalar>
  typealias Output = UnsafeMutablePointer<Scalar>

  @inline(__always)
  static func sum(_ x: Input, count: Int) -> Scalar {
    let width = Vector.scalarCount
    var total: Scalar = 0
    var i = 0
    if count >= width {
      var (a0, a1, a2, a3) = (Vector(), Vector(), Vector(), Vector())
      while i &+ 4 &* width <= count {
        a0 += x.load(i)
        a1 += x.load(i &+ width)
        a2 += x.load(i &+ 2 &* width)
        a3 += x.load(i &+ 3 &* width)
        i &+= 4 &* width
      }
      while i &+ width <= count {
        a0 += x.load(i)
        i &+= width
      }
      total = lanesSum((a0 + a1) + (a2 + a3))
    }
    while i < count {
      total += x[i]
      i &+= 1
    }
    return total
  }

  @inline(__always)
  static func dot(_ x: Input, _ y: Input, count: Int) -> Scalar {
    let width = Vector.scalarCount
    var total: Scalar = 0
    var i = 0
    if count >= width {
      var (a0, a1, a2, a3) = (Vector(), Vector(), Vector(), Vector())
      while i &+ 4 &* width <= count {
        a0 = a0.plus(x.load(i), times: y.load(i))
        a1 = a1.plus(x.load(i &+ width), times: y.load(i &+ width))
        a2 = a2.plus(x.load(i &+ 2 &* width), times: y.load(i &+ 2 &* width))
        a3 = a3.plus(x.load(i &+ 3 &* width), times: y.load(i &+ 3 &* width))
        i &+= 4 &* width
      }
      while i &+ width <= count {
        a0 = a0.plus(x.load(i), times: y.load(i))
        i &+= width
      }
      total = lanesSum((a0 + a1) + (a2 + a3))
    }
    while i < count {
      total.addProduct(x[i], y[i])
      i &+= 1
    }
    return total
  }

  @inline(__always)
  static func maximum(_ x: Input, count: Int) -> Scalar {
    let width = Vector.scalarCount
    var largest = -Scalar.infinity
    var i = 0
    if count >= width {
      var a0 = Vector(repeating: largest)
      var a1 = a0
      while i &+ 2 &* width <= count {
        a0 = Vector.maximum(a0, x.load(i))
        a1 = Vector.maximum(a1, x.load(i &+ width))
        i &+= 2 &* width
      }
      if i &+ width <= count {
        a0 = Vector.maximum(a0, x.load(i))
        i &+= width
      }
      let lanes = Vector.maximum(a0, a1)
      for lane in 0..<width { largest = larger(largest, lanes[lane]) }
    }
    while i < count {
      largest = larger(largest, x[i])
      i &+= 1
    }
    return largest
  }

  /// The larger of two; NaN if either is NaN.
  @inline(__always)
  private static func larger(_ x: Scalar, _ y: Scalar) -> Scalar {
    x > y || x.isNaN ? x : y
  }

  /// The sum of the lanes, in pairs.
  @inline(__always)
  private static func lanesSum(_ x: Vector) -> Scalar { x.sum() }
}
