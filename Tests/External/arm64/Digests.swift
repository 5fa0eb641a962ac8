import Kernels
import Randomness

// One line for each kernel and each law of draws: its name and a digest of its results over many
// inputs. The program is built for two architectures, and every line must be the same: results are
// equal to the last bit, so what the tests show on one architecture holds on the other. Functions go
// by their place in UnaryFunction, BinaryFunction and RandomLaw.
//
// Seen to fail: a comparison of vectors, on ARM only, that counted equal numbers as less.

/// SplitMix64.
struct Numbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Numbers between -range and range.
  mutating func array<Scalar: Hashed>(_ count: Int, within range: Scalar = 1) -> [Scalar] {
    var numbers: [Scalar] = []
    for _ in 0..<count {
      let unit =
        Scalar(Int64(bitPattern: next()) >> 11) * Scalar(sign: .plus, exponent: -52, significand: 1)
      numbers.append(range * unit)
    }
    return numbers
  }

  /// Numbers of any bits: all magnitudes, infinities and NaN.
  mutating func anyArray<Scalar: Hashed>(_ count: Int) -> [Scalar] {
    var numbers: [Scalar] = []
    for _ in 0..<count { numbers.append(Scalar(anyBits: next())) }
    return numbers
  }
}

/// What the digests need of a number.
protocol Hashed: KernelScalar {
  init(anyBits: UInt64)
  var bits: UInt64 { get }
  static func draw(_ law: RandomLaw, into y: inout [Self], offset: Int)
  static var name: String { get }
}

extension Float: Hashed {
  init(anyBits: UInt64) { self.init(bitPattern: UInt32(truncatingIfNeeded: anyBits)) }
  var bits: UInt64 { UInt64(bitPattern) }
  static var name: String { "Float" }

  static func draw(_ law: RandomLaw, into y: inout [Float], offset: Int) {
    var span = y.mutableSpan
    Randomness.fill(&span, law: law, key: StreamKey(bits: 42), draw: 7, offset: offset)
  }
}

extension Double: Hashed {
  init(anyBits: UInt64) { self.init(bitPattern: anyBits) }
  var bits: UInt64 { bitPattern }
  static var name: String { "Double" }

  static func draw(_ law: RandomLaw, into y: inout [Double], offset: Int) {
    var span = y.mutableSpan
    Randomness.fill(&span, law: law, key: StreamKey(bits: 42), draw: 7, offset: offset)
  }
}

/// FNV-1a over the bits; the sign and the payload of a NaN mean nothing and differ between
/// architectures.
struct Digest {
  var state: UInt64 = 0xCBF2_9CE4_8422_2325
  var count = 0

  mutating func add<Scalar: Hashed>(_ x: Scalar) {
    var bits = x.isNaN ? UInt64.max : x.bits
    for _ in 0..<8 {
      state = (state ^ (bits & 0xFF)) &* 0x100_0000_01B3
      bits >>= 8
    }
    count += 1
  }

  mutating func add<Scalar: Hashed>(_ x: [Scalar]) {
    for element in x { add(element) }
  }

  func say(_ name: String) {
    var digits = ""
    for place in 0..<16 {
      let digit = UInt8(truncatingIfNeeded: state >> UInt64(60 - 4 * place)) & 15
      digits.unicodeScalars.append(Unicode.Scalar(digit < 10 ? 48 + digit : 87 + digit))
    }
    print("\(digits)  \(name), \(count) numbers")
  }
}

/// The digests of all kernels of one type.
struct KernelDigests<Scalar: Hashed> {
  var numbers = Numbers(state: 1)

  mutating func sayAll() {
    unary()
    binary()
    elementwise()
    reductions()
    rows()
    products()
    moves()
    draws()
  }

  private func say(_ name: String, _ digest: Digest) { digest.say(Scalar.name + " " + name) }

  /// All functions of one argument; angles that are left to the C library are left out.
  private mutating func unary() {
    let x: [Scalar] = numbers.anyArray(20_000) + numbers.array(20_000, within: 12)
    for f in UnaryFunction.allCases {
      var x = x
      if f == .sine || f == .cosine {
        for i in x.indices where x[i].magnitude > 100_000 { x[i] = Scalar(i) }
      }
      var y = [Scalar](repeating: 0, count: x.count)
      Scalar.apply(f, x, into: &y, count: x.count)
      var digest = Digest()
      digest.add(y)
      say("unary \(index(f, UnaryFunction.allCases))", digest)
    }
  }

  /// All functions of two arguments but the power, which is the C library's.
  private mutating func binary() {
    let x: [Scalar] = numbers.anyArray(5_000) + numbers.array(5_000)
    var y: [Scalar] = numbers.anyArray(5_000) + numbers.array(5_000)
    for i in stride(from: 0, to: y.count, by: 7) { y[i] = x[i] }
    for f in BinaryFunction.allCases where f != .power {
      var digest = Digest()
      var z = x
      Scalar.apply(f, x, y, into: &z, count: x.count)
      digest.add(z)
      Scalar.apply(f, x, scalar: 0.3, into: &z, count: x.count)
      digest.add(z)
      Scalar.apply(f, scalar: -0.7, y, into: &z, count: x.count)
      digest.add(z)
      say("binary \(index(f, BinaryFunction.allCases))", digest)
    }
  }

  private func index<F: Equatable>(_ f: F, _ all: [F]) -> Int { all.firstIndex(of: f) ?? -1 }

  private mutating func elementwise() {
    let x: [Scalar] = numbers.anyArray(5_000) + numbers.array(5_003)
    let y: [Scalar] = numbers.anyArray(5_000) + numbers.array(5_003)
    let z: [Scalar] = numbers.anyArray(5_000) + numbers.array(5_003)
    let count = x.count
    var digest = Digest()
    var w = x
    var v = x
    Scalar.select(x, y, z, into: &w, count: count)
    digest.add(w)
    Scalar.multiplyAdd(x, y, z, into: &w, count: count)
    digest.add(w)
    Scalar.softplusAndSigmoid(x, into: &w, &v, count: count)
    digest.add(w)
    digest.add(v)
    Scalar.addInto(y, into: &w, count: count)
    Scalar.scale(w, by: 0.3, into: &v, count: count)
    digest.add(v)
    say("select, multiplyAdd, softplusAndSigmoid, addInto, scale", digest)
  }

  private mutating func reductions() {
    let x: [Scalar] = numbers.array(300)
    let y: [Scalar] = numbers.array(300)
    var digest = Digest()
    for count in 0...300 {
      digest.add(Scalar.sum(x, count: count))
      digest.add(Scalar.dot(x, y, count: count))
      digest.add(Scalar.maximum(x, count: count))
    }
    say("sum, dot, maximum", digest)
  }

  private mutating func rows() {
    let x: [Scalar] = numbers.array(80 * 80, within: 3)
    let y: [Scalar] = numbers.array(80 * 80, within: 3)
    var digest = Digest()
    for (rows, columns) in [(1, 1), (3, 70), (70, 3), (17, 16), (16, 33), (80, 79)] {
      var z = [Scalar](repeating: 1, count: 80)
      for accumulate in [true, false] {
        Scalar.sumRows(
          x, rows: rows, columns: columns, rowStride: 80, into: &z, accumulate: accumulate)
        digest.add(z)
        Scalar.sumColumns(
          x, rows: rows, columns: columns, rowStride: 80, into: &z, accumulate: accumulate)
        digest.add(z)
        Scalar.dotRows(
          x, rowStride: 80, y, rowStride: 80, rows: rows, columns: columns, into: &z,
          accumulate: accumulate)
        digest.add(z)
      }
      Scalar.logSumExpRows(x, rows: rows, columns: columns, rowStride: 80, into: &z)
      digest.add(z)
      Scalar.maximumRows(x, rows: rows, columns: columns, rowStride: 80, into: &z)
      digest.add(z)
    }
    say("sums, products, logSumExp and maxima of rows", digest)
  }

  /// Products around the edges of the tiles, of all four layouts.
  private mutating func products() {
    let a: [Scalar] = numbers.array(300 * 300)
    let b: [Scalar] = numbers.array(300 * 300)
    var digest = Digest()
    for (m, n, k) in [
      (1, 1, 1), (4, 4, 5), (5, 3, 17), (3, 40, 9), (6, 16, 8), (7, 17, 9), (13, 33, 257),
      (64, 64, 64), (255, 31, 20), (30, 290, 270),
    ] {
      var workspace = [Scalar](
        repeating: 0, count: max(Scalar.gemmWorkspaceCount(m, n, k), 1))
      var packed = [Scalar](repeating: 0, count: max(Scalar.packedCount(k, n), 1))
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress else { return }
          for transposesA in [false, true] {
            let viewA = MatrixView(
              a, rowStride: transposesA ? 1 : 300, columnStride: transposesA ? 300 : 1)
            for transposesB in [false, true] {
              let viewB = MatrixView(
                b, rowStride: transposesB ? 1 : 300, columnStride: transposesB ? 300 : 1)
              var c = [Scalar](repeating: 2, count: m * n)
              Scalar.gemm(
                m, n, k, alpha: 0.5, viewA, viewB, beta: 0.25, into: &c, rowStride: n,
                workspace: &workspace)
              digest.add(c)
              Scalar.packColumns(k, n, viewB, into: &packed)
              Scalar.gemm(
                m, n, k, alpha: 1, viewA, packed: packed, beta: 0, into: &c, rowStride: n,
                workspace: &workspace)
              digest.add(c)
            }
          }
        }
      }
    }
    say("products of matrices", digest)
  }

  private mutating func moves() {
    let x: [Scalar] = numbers.array(5_000)
    var digest = Digest()
    for strides in [[200, 10, 1], [1, 10, 200], [0, 1, 30], [10, 0, 7]] {
      var y = [Scalar](repeating: 0, count: 9 * 11 * 13)
      [9, 11, 13].withUnsafeBufferPointer { extents in
        strides.withUnsafeBufferPointer { strides in
          Scalar.stridedCopy(extents: extents, x, strides: strides, into: &y)
        }
      }
      digest.add(y)
    }
    var y = [Scalar](repeating: 0, count: 5 * 100)
    Scalar.gatherRows(x, columns: 100, indices: [3, 49, 0, 3, 17], count: 5, into: &y)
    digest.add(y)
    say("stridedCopy, gatherRows", digest)
  }

  private func draws() {
    for law in RandomLaw.allCases {
      var digest = Digest()
      for (count, offset) in [(10_000, 0), (777, 123_457)] {
        var y = [Scalar](repeating: 0, count: count)
        Scalar.draw(law, into: &y, offset: offset)
        digest.add(y)
      }
      say("draws \(index(law, RandomLaw.allCases))", digest)
    }
  }
}

@main
enum Program {
  static func main() {
    var float = KernelDigests<Float>()
    float.sayAll()
    var double = KernelDigests<Double>()
    double.sayAll()
  }
}
