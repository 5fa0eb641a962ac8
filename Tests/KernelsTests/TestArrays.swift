import Kernels

/// A small deterministic generator for test inputs (SplitMix64).
struct TestRandom: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Numbers of either sign between -1 and 1.
  mutating func array<Scalar: KernelScalar>(_ count: Int, of type: Scalar.Type) -> [Scalar] {
    (0..<count).map { _ in Scalar(Double.random(in: -1...1, using: &self)) }
  }
}

/// Equal as bits, except that every NaN equals every NaN.
func isSame<Scalar: KernelScalar>(_ x: Scalar, _ y: Scalar) -> Bool {
  x.isNaN || y.isNaN ? x.isNaN && y.isNaN : x == y && x.sign == y.sign
}

#if arch(x86_64)
  /// The widest type at hand, in which expected values are computed.
  typealias Wide = Float80
#else
  /// The widest type at hand, in which expected values are computed.
  typealias Wide = Double
#endif

/// The distance from `value` to `expected` in units in the last place of the expected value,
/// subnormal ones included; infinite for a NaN or an infinity in the wrong place.
func ulps<Scalar: KernelScalar>(_ value: Scalar, from expected: Wide) -> Double {
  if expected.isNaN || value.isNaN { return expected.isNaN && value.isNaN ? 0 : .infinity }
  let rounded = Scalar(expected)
  if rounded.isInfinite || value.isInfinite { return rounded == value ? 0 : .infinity }
  let unit = max(rounded.magnitude, Scalar.leastNormalMagnitude).ulp
  return Double((Wide(value) - expected).magnitude / Wide(unit))
}
