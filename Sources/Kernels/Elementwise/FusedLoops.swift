// Elementwise kernels that compute more than one function in a pass.
extension Elementwise {
  static func multiplyAdd(
    _ x: Input, _ y: KernelOperand<Scalar>, _ z: KernelOperand<Scalar>, subtracted: Bool,
    into w: Output, count: Int
  ) {
    switch (y, z, subtracted) {
    case (.array(let y), .array(let z), false):
      map(x, y, z, into: w, count: count) { $2.plus($0, times: $1) }
    case (.array(let y), .array(let z), true):
      map(x, y, z, into: w, count: count) { $2.plus(Vector(repeating: -1) * $0, times: $1) }
    case (.array(let y), .number(let z), _):
      let (sums, sign) = (Vector(repeating: z), Vector(repeating: subtracted ? -1 : 1))
      map(x, y, into: w, count: count) { sums.plus(sign * $0, times: $1) }
    case (.number(let y), .array(let z), _):
      let factor = Vector(repeating: subtracted ? -y : y)
      map(x, z, into: w, count: count) { $1.plus($0, times: factor) }
    case (.number(let y), .number(let z), _):
      let (factor, sums) = (Vector(repeating: subtracted ? -y : y), Vector(repeating: z))
      map(x, into: w, count: count) { sums.plus($0, times: factor) }
    }
  }

  static func softplusAndSigmoid(_ x: Input, into y: Output, _ z: Output, count: Int) {
    softplus(x, into: y, z, count: count)
  }

  /// In blocks of eight vectors, each in two passes with the exponentials in between on the
  /// stack: one pass alone is twice as long as what the processor looks ahead.
  @inline(__always)
  static func softplus(_ x: Input, into y: Output, _ derivative: Output?, count: Int) {
    let width = Vector.scalarCount
    var start = 0
    while start &+ 8 &* width <= count {
      var decay = (
        Vector.decay(x.load(start)), Vector.decay(x.load(start &+ width)),
        Vector.decay(x.load(start &+ 2 &* width)), Vector.decay(x.load(start &+ 3 &* width)),
        Vector.decay(x.load(start &+ 4 &* width)), Vector.decay(x.load(start &+ 5 &* width)),
        Vector.decay(x.load(start &+ 6 &* width)), Vector.decay(x.load(start &+ 7 &* width))
      )
      withUnsafeBytes(of: &decay) { bytes in
        for i in 0..<8 {
          let place = start &+ i &* width
          let z = bytes.loadUnaligned(
            fromByteOffset: i &* MemoryLayout<Vector>.stride, as: Vector.self)
          let argument: Vector = x.load(place)
          y.store(Vector.softplus(argument, decay: z), place)
          derivative?.store(Vector.sigmoid(argument, decay: z), place)
        }
      }
      start &+= 8 &* width
    }
    while start < count {
      let rest = min(width, count &- start)
      let argument = loadPart(x + start, rest)
      let z = Vector.decay(argument)
      storePart(Vector.softplus(argument, decay: z), y + start, rest)
      if let derivative { storePart(Vector.sigmoid(argument, decay: z), derivative + start, rest) }
      start &+= rest
    }
  }
}
