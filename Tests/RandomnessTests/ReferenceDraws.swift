@testable import Randomness

#if canImport(Glibc)
  import Glibc
#endif

/// One element of a sequence, from the definition: scalar Philox and the C library.
enum ReferenceDraws {
  static func float(_ law: RandomLaw, key: StreamKey, draw: UInt64, element: Int) -> Double {
    let philox = Philox4x32(key)
    let block = philox.block(index: UInt64(element / 32 * 8 + element % 8), draw: draw)
    let word = element / 8 % 4
    switch law {
    case .rademacher:
      return sign(philox, draw: draw, element: element)
    case .uniform:
      return Double(block[word] >> 9) * 0x1p-23 + 0x1p-24
    case .normal:
      let pair = word / 2 * 2
      // Words become Float before anything else happens to them, in the definition too.
      let u = (Float(block[pair] >> 1) + 0.5) * 0x1p-31
      let (sine, cosine) = turn(
        quarter: block[pair + 1] >> 30,
        fraction: Double(Float(Int32(bitPattern: block[pair + 1] << 2))) * 0x1p-32)
      return (-2 * log(Double(u))).squareRoot() * (word % 2 == 0 ? cosine : sine)
    }
  }

  static func double(_ law: RandomLaw, key: StreamKey, draw: UInt64, element: Int) -> Double {
    let philox = Philox4x32(key)
    let block = philox.block(index: UInt64(element / 16 * 8 + element % 8), draw: draw)
    let first = UInt64(block[0]) << 32 | UInt64(block[1])
    let second = UInt64(block[2]) << 32 | UInt64(block[3])
    let half = element / 8 % 2
    switch law {
    case .rademacher:
      return sign(philox, draw: draw, element: element)
    case .uniform:
      return uniform(half == 0 ? first : second)
    case .normal:
      let (sine, cosine) = turn(
        quarter: UInt32(second >> 62), fraction: Double((second << 2) >> 12) * 0x1p-52 - 0.5)
      return (-2 * log(uniform(first))).squareRoot() * (half == 0 ? cosine : sine)
    }
  }

  private static func uniform(_ bits: UInt64) -> Double { Double(bits >> 12) * 0x1p-52 + 0x1p-53 }

  /// Sine and cosine of whole quarter turns and a fraction of one, from -1/2 to 1/2.
  private static func turn(
    quarter: UInt32, fraction: Double
  ) -> (sine: Double, cosine: Double) {
    let s = sin(fraction * (Double.pi / 2))
    let c = cos(fraction * (Double.pi / 2))
    switch quarter {
    case 0: return (s, c)
    case 1: return (c, -s)
    case 2: return (-s, -c)
    default: return (-c, s)
    }
  }

  private static func sign(_ philox: Philox4x32, draw: UInt64, element: Int) -> Double {
    let block = philox.block(index: UInt64(element / 1024 * 8 + element % 8), draw: draw)
    return block[element / 256 % 4] >> UInt32(element / 8 % 32) & 1 == 0 ? 1 : -1
  }
}

/// The draws as arrays.
func floats(
  _ count: Int, _ law: RandomLaw, key: UInt64, draw: UInt64 = 0, offset: Int = 0
) -> [Float] {
  var array = [Float](repeating: .nan, count: count)
  var span = array.mutableSpan
  fill(&span, law: law, key: StreamKey(bits: key), draw: draw, offset: offset)
  return array
}

/// The draws as arrays.
func doubles(
  _ count: Int, _ law: RandomLaw, key: UInt64, draw: UInt64 = 0, offset: Int = 0
) -> [Double] {
  var array = [Double](repeating: .nan, count: count)
  var span = array.mutableSpan
  fill(&span, law: law, key: StreamKey(bits: key), draw: draw, offset: offset)
  return array
}
