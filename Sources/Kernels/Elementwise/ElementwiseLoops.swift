/// The elementwise kernels: one loop over whole vectors and one last, partly filled vector.
///
/// The last vector goes through the same code as the others, so an element's bits do not depend
/// on where a range is cut.
enum Elementwise<Vector: ElementaryVector> {
  typealias Scalar = Vector.Scalar
  typealias Input = UnsafePointer<Scalar>
  typealias Output = UnsafeMutablePointer<Scalar>

  // MARK: Loops

  @inline(__always)
  static func map(_ x: Input, into y: Output, count: Int, _ f: (Vector) -> Vector) {
    let whole = count & ~(Vector.scalarCount - 1)
    var i = 0
    while i < whole {
      y.store(f(x.load(i)), i)
      i &+= Vector.scalarCount
    }
    if whole < count {
      storePart(f(loadPart(x + whole, count - whole)), y + whole, count - whole)
    }
  }

  @inline(__always)
  static func map<F: VectorFunction>(_ x: Input, into y: Output, count: Int, _ f: F.Type)
  where F.Vector == Vector {
    let whole = count & ~(Vector.scalarCount - 1)
    var i = 0
    while i < whole {
      y.store(F.value(x.load(i)), i)
      i &+= Vector.scalarCount
    }
    if whole < count {
      storePart(F.value(loadPart(x + whole, count - whole)), y + whole, count - whole)
    }
  }

  @inline(__always)
  static func map(
    _ x: Input, _ y: Input, into z: Output, count: Int, _ f: (Vector, Vector) -> Vector
  ) {
    let whole = count & ~(Vector.scalarCount - 1)
    var i = 0
    while i < whole {
      z.store(f(x.load(i), y.load(i)), i)
      i &+= Vector.scalarCount
    }
    if whole < count {
      let rest = count - whole
      storePart(f(loadPart(x + whole, rest), loadPart(y + whole, rest)), z + whole, rest)
    }
  }

  @inline(__always)
  static func map(
    _ x: Input, _ y: Input, _ z: Input, into w: Output, count: Int,
    _ f: (Vector, Vector, Vector) -> Vector
  ) {
    let whole = count & ~(Vector.scalarCount - 1)
    var i = 0
    while i < whole {
      w.store(f(x.load(i), y.load(i), z.load(i)), i)
      i &+= Vector.scalarCount
    }
    if whole < count {
      let rest = count - whole
      let result = f(
        loadPart(x + whole, rest), loadPart(y + whole, rest), loadPart(z + whole, rest))
      storePart(result, w + whole, rest)
    }
  }

  @inline(__always)
  static func loadPart(_ x: Input, _ count: Int) -> Vector {
    var vector = Vector()
    for lane in 0..<count { vector[lane] = x[lane] }
    return vector
  }

  @inline(__always)
  static func storePart(_ vector: Vector, _ y: Output, _ count: Int) {
    for lane in 0..<count { y[lane] = vector[lane] }
  }

  // MARK: Functions of one argument

  static func apply(_ f: UnaryFunction, _ x: Input, into y: Output, count: Int) {
    switch f {
    // Not 0 - x, which is what SIMD's minus computes: it loses the sign of zero.
    case .negate: map(x, into: y, count: count) { Vector(repeating: -1) * $0 }
    case .absolute: map(x, into: y, count: count) { Vector.magnitude($0) }
    case .sign: map(x, into: y, count: count) { Vector.sign($0) }
    case .reciprocal: map(x, into: y, count: count) { Vector.one / $0 }
    case .square: map(x, into: y, count: count) { $0 * $0 }
    case .squareRoot: map(x, into: y, count: count) { Vector.squareRoot($0) }
    case .exp: map(x, into: y, count: count, Functions<Vector>.Exp.self)
    case .expMinusOne: map(x, into: y, count: count, Functions<Vector>.ExpMinusOne.self)
    case .log: map(x, into: y, count: count, Functions<Vector>.Log.self)
    case .logOnePlus: map(x, into: y, count: count, Functions<Vector>.LogOnePlus.self)
    case .tanh: map(x, into: y, count: count, Functions<Vector>.Tanh.self)
    case .sigmoid: map(x, into: y, count: count, Functions<Vector>.Sigmoid.self)
    case .softplus: softplus(x, into: y, nil, count: count)
    case .erf: map(x, into: y, count: count, Functions<Vector>.Erf.self)
    case .sine: angles(x, into: y, count: count, Functions<Vector>.Sine.self, Vector.anySine)
    case .cosine: angles(x, into: y, count: count, Functions<Vector>.Cosine.self, Vector.anyCosine)
    }
  }

  /// Angles beyond the fast range are rare: they are found by a pass over the range first and
  /// computed one by one. Infinities are among them; NaN is not, and stays.
  @inline(__always)
  private static func angles<F: VectorFunction>(
    _ x: Input, into y: Output, count: Int, _ f: F.Type, _ any: (Scalar) -> Scalar
  ) where F.Vector == Vector {
    guard hasLargeAngle(x, count: count) else { return map(x, into: y, count: count, f) }
    map(x, into: y, count: count) { angle in
      var result = F.value(angle)
      for lane in 0..<Vector.scalarCount where angle[lane].magnitude > Vector.angleRange {
        result[lane] = any(angle[lane])
      }
      return result
    }
  }

  @inline(__always)
  private static func hasLargeAngle(_ x: Input, count: Int) -> Bool {
    let whole = count & ~(Vector.scalarCount - 1)
    var largest = Vector()
    var i = 0
    while i < whole {
      let magnitude: Vector = Vector.magnitude(x.load(i))
      largest = Vector.choose(Vector.isLess(largest, magnitude), magnitude, largest)
      i &+= Vector.scalarCount
    }
    var result = false
    for lane in 0..<Vector.scalarCount where largest[lane] > Vector.angleRange { result = true }
    while i < count {
      if x[i].magnitude > Vector.angleRange { result = true }
      i &+= 1
    }
    return result
  }

  // MARK: Functions of two arguments

  static func apply(
    _ f: BinaryFunction, _ x: Input, _ y: Input, into z: Output, count: Int
  ) {
    switch f {
    case .add: map(x, y, into: z, count: count) { $0 + $1 }
    case .subtract: map(x, y, into: z, count: count) { $0 - $1 }
    case .multiply: map(x, y, into: z, count: count) { $0 * $1 }
    case .divide: map(x, y, into: z, count: count) { $0 / $1 }
    case .minimum: map(x, y, into: z, count: count) { Vector.minimum($0, $1) }
    case .maximum: map(x, y, into: z, count: count) { Vector.maximum($0, $1) }
    case .power: for i in 0..<count { z[i] = Vector.power(x[i], y[i]) }
    case .less: map(x, y, into: z, count: count) { oneWhere(Vector.isLess($0, $1)) }
    case .lessOrEqual: map(x, y, into: z, count: count) { lessOrEqual($0, $1) }
    case .equal: map(x, y, into: z, count: count) { oneWhere(Vector.isEqual($0, $1)) }
    }
  }

  static func apply(
    _ f: BinaryFunction, _ x: Input, scalar: Scalar, into z: Output, count: Int
  ) {
    let y = Vector(repeating: scalar)
    switch f {
    case .add: map(x, into: z, count: count) { $0 + y }
    case .subtract: map(x, into: z, count: count) { $0 - y }
    case .multiply: map(x, into: z, count: count) { $0 * y }
    case .divide: map(x, into: z, count: count) { $0 / y }
    case .minimum: map(x, into: z, count: count) { Vector.minimum($0, y) }
    case .maximum: map(x, into: z, count: count) { Vector.maximum($0, y) }
    case .power: for i in 0..<count { z[i] = Vector.power(x[i], scalar) }
    case .less: map(x, into: z, count: count) { oneWhere(Vector.isLess($0, y)) }
    case .lessOrEqual: map(x, into: z, count: count) { lessOrEqual($0, y) }
    case .equal: map(x, into: z, count: count) { oneWhere(Vector.isEqual($0, y)) }
    }
  }

  static func apply(
    _ f: BinaryFunction, scalar: Scalar, _ y: Input, into z: Output, count: Int
  ) {
    let x = Vector(repeating: scalar)
    switch f {
    case .add: map(y, into: z, count: count) { x + $0 }
    case .subtract: map(y, into: z, count: count) { x - $0 }
    case .multiply: map(y, into: z, count: count) { x * $0 }
    case .divide: map(y, into: z, count: count) { x / $0 }
    case .minimum: map(y, into: z, count: count) { Vector.minimum(x, $0) }
    case .maximum: map(y, into: z, count: count) { Vector.maximum(x, $0) }
    case .power: for i in 0..<count { z[i] = Vector.power(scalar, y[i]) }
    case .less: map(y, into: z, count: count) { oneWhere(Vector.isLess(x, $0)) }
    case .lessOrEqual: map(y, into: z, count: count) { lessOrEqual(x, $0) }
    case .equal: map(y, into: z, count: count) { oneWhere(Vector.isEqual(x, $0)) }
    }
  }

  @inline(__always)
  private static func oneWhere(_ mask: Vector.Mask) -> Vector {
    Vector.choose(mask, Vector.one, Vector())
  }

  @inline(__always)
  private static func lessOrEqual(_ x: Vector, _ y: Vector) -> Vector {
    Vector.choose(Vector.isLess(x, y), Vector.one, oneWhere(Vector.isEqual(x, y)))
  }

  // MARK: The rest

  static func select(_ mask: Input, _ a: Input, _ b: Input, into z: Output, count: Int) {
    map(mask, a, b, into: z, count: count) { Vector.choose(Vector.isEqual($0, Vector()), $2, $1) }
  }

  static func multiplyAdd(_ x: Input, _ y: Input, _ z: Input, into w: Output, count: Int) {
    map(x, y, z, into: w, count: count) { $2.plus($0, times: $1) }
  }

  static func fill(_ y: Output, with value: Scalar, count: Int) {
    y.update(repeating: value, count: count)
  }

  static func copy(_ x: Input, into y: Output, count: Int) {
    y.update(from: x, count: count)
  }

  static func addInto(_ x: Input, into y: Output, count: Int) {
    map(x, Input(y), into: y, count: count) { $1 + $0 }
  }

  static func scale(_ x: Input, by factor: Scalar, into y: Output, count: Int) {
    let factors = Vector(repeating: factor)
    map(x, into: y, count: count) { factors * $0 }
  }
}
