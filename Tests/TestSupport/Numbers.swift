import Glibc

/// Reproducible test numbers: SplitMix64, its own few lines so that tests do not lean on what they test.
public struct TestNumbers: Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed &>> 31)
  }

  /// Uniform in [lower, upper).
  public mutating func uniform(_ lower: Double = -1, _ upper: Double = 1) -> Double {
    lower + (upper - lower) * Double(next() >> 11) * 0x1p-53
  }

  public mutating func normal() -> Double {
    (-2 * log(1 - uniform(0, 1))).squareRoot() * cos(2 * Double.pi * uniform(0, 1))
  }

  public mutating func normals(_ count: Int) -> [Double] { (0..<count).map { _ in normal() } }

  public mutating func index(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// The largest |a - b| relative to the largest magnitude in either; 0 for two empty arrays, infinite where
/// one number of a pair is NaN, and where all are: nothing is then shown to agree.
public func relativeDifference(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count, "relativeDifference: \(a.count) and \(b.count) numbers")
  guard !(a + b).contains(where: \.isNaN) else { return .infinity }
  let scale = (a + b).map(\.magnitude).max() ?? 0
  let largest = zip(a, b).map { $0 == $1 ? 0 : ($0 - $1).magnitude }.max() ?? 0
  return largest == 0 ? 0 : largest / scale
}
