#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A generator that hands out the draws of one stream one after the other, for data sets,
/// initial weights and batches, where the number of draws is not known beforehand.
///
/// It is a value: a copy continues with the same draws.
public struct RandomGenerator: RandomNumberGenerator, Sendable {
  private let philox: Philox4x32
  private let draw: UInt64
  private var index: UInt64 = 0
  private var words = SIMD4<UInt32>()
  private var wordsUsed = 4
  private var spareNormal: Double?

  /// Starts at the beginning of sequence `draw` of the stream `key`.
  public init(_ key: StreamKey, draw: UInt64 = 0) {
    philox = Philox4x32(key)
    self.draw = draw
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    if wordsUsed == 4 {
      words = philox.block(index: index, draw: draw)
      index &+= 1
      wordsUsed = 0
    }
    let bits = UInt64(words[wordsUsed]) << 32 | UInt64(words[wordsUsed + 1])
    wordsUsed += 2
    return bits
  }

  /// A draw from the open interval (0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double {
    Double(next() >> 12) * 0x1p-52 + 0x1p-53
  }

  /// A draw from the normal law with mean 0 and variance 1, by the method of Box and Muller.
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let radius = (-2 * log(uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  /// A draw from the gamma law with the given shape and scale 1.
  ///
  /// - Parameter shape: positive; below 1 a draw of shape + 1 is multiplied by U^(1/shape).
  ///
  /// Reference: Marsaglia & Tsang, "A simple method for generating gamma variables", ACM
  /// Transactions on Mathematical Software 26 (2000), 363-372.
  public mutating func gamma(shape: Double) -> Double {
    precondition(shape > 0 && shape.isFinite, "gamma: shape \(shape) is not positive and finite")
    guard shape >= 1 else { return gamma(shape: shape + 1) * pow(uniform(), 1 / shape) }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let t = 1 + c * x
      guard t > 0 else { continue }
      let v = t * t * t
      if log(uniform()) < 0.5 * x * x + d * (1 - v + log(v)) { return d * v }
    }
  }

  /// A draw from 0 ..< bound, each equally likely.
  ///
  /// Reference: Lemire, "Fast random integer generation in an interval", ACM Transactions on
  /// Modeling and Computer Simulation 29 (2019), algorithm 5.
  public mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "index(below:): bound \(bound) is not positive")
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// The numbers 0 ..< count in random order, each order equally likely (Fisher and Yates).
  public mutating func permutation(of count: Int) -> [Int32] {
    precondition(count >= 0 && count <= Int(Int32.max), "permutation: count \(count)")
    var order = (0..<Int32(count)).map { $0 }
    var last = count - 1
    while last > 0 {
      order.swapAt(last, index(below: last + 1))
      last -= 1
    }
    return order
  }
}
