/// A function of one vector as a type, so that the loop around it is compiled with the function
/// inside: a closure that large stays a call, with all its constants loaded at each vector.
protocol VectorFunction<Vector> {
  associatedtype Vector: ElementaryVector
  static func value(_ x: Vector) -> Vector
}

/// The functions that are worth it.
enum Functions<Vector: ElementaryVector> {
  enum Exp: VectorFunction {
    @inline(__always) static func value(_ x: Vector) -> Vector { .exp(x) }
  }
  enum ExpMinusOne: VectorFunction {
    @inline(__always) static func value(_ x: Vector) -> Vector { .expMinusOne(x) }
  }
  enum Log: VectorFunction {
    @inline(__always) static func value(_ x: Vector) -> Vector { .log(x) }
  }
  enum LogOnePlus: VectorFunction {
    @inline(__always) static func value(_ x: Vector) -> Vector { .logOnePlus(x) }
  }
  enum Tanh: VectorFunction {
    @inline(__always) static func value(_ x: Vector) -> Vector { .tanh(x) }
  }
  enum Sigmoid: VectorFunction {
    @inline(__always) static func value(_ x: Vector) -> Vector { .sigmoid(x) }
  }
  enum Erf: VectorFunction {
    @inline(__always) static func value(_ x: Vector) -> Vector { .erf(x) }
  }
  enum Sine: VectorFunction {
    @inline(__always) static func value(_ x: Vector) -> Vector { .sine(x) }
  }
  enum Cosine: VectorFunction {
    @inline(__always) static func value(_ x: Vector) -> Vector { .cosine(x) }
  }
}
