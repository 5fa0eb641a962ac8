/// The words from which signs are drawn, kept while consecutive units use the same blocks.
struct SignBits {
  private let blocks: PhiloxVector
  private var group: UInt64?
  private var words = (SIMD8<UInt32>(), SIMD8<UInt32>(), SIMD8<UInt32>(), SIMD8<UInt32>())

  init(_ blocks: PhiloxVector) {
    self.blocks = blocks
  }

  /// The words of unit number `unit` of 32 elements, and its first bit number.
  @inline(__always)
  mutating func words(_ unit: UInt64) -> (SIMD8<UInt32>, bit: UInt32) {
    if group != unit / 32 {
      group = unit / 32
      words = blocks.words(group: unit / 32)
    }
    let bit = UInt32(truncatingIfNeeded: unit % 8) &* 4
    switch unit / 8 % 4 {
    case 0: return (words.0, bit)
    case 1: return (words.1, bit)
    case 2: return (words.2, bit)
    default: return (words.3, bit)
    }
  }
}

/// The four vectors, one behind the other.
@inline(__always)
func join(
  _ a: SIMD8<Float>, _ b: SIMD8<Float>, _ c: SIMD8<Float>, _ d: SIMD8<Float>
) -> SIMD32<Float> {
  SIMD32(
    lowHalf: SIMD16(lowHalf: a, highHalf: b), highHalf: SIMD16(lowHalf: c, highHalf: d))
}

/// Writes the elements from `offset` on of a sequence that is computed in whole units.
@inline(__always)
func fillUnits<Unit: SIMD & BitwiseCopyable>(
  _ span: inout MutableSpan<Unit.Scalar>, offset: Int, _ unit: (UInt64) -> Unit
) where Unit.Scalar: BitwiseCopyable {
  let width = Unit.scalarCount
  let count = span.count
  var i = 0
  while i < count {
    let element = offset + i
    let values = unit(UInt64(element / width))
    let first = element % width
    let used = min(width - first, count - i)
    if used == width {
      store(values, &span, at: i)
    } else {
      for lane in 0..<used { span[i &+ lane] = values[first &+ lane] }
    }
    i += used
  }
}

/// Writes a whole unit at once.
@inline(__always)
private func store<Unit: SIMD & BitwiseCopyable>(
  _ values: Unit, _ span: inout MutableSpan<Unit.Scalar>, at place: Int
) where Unit.Scalar: BitwiseCopyable {
  var bytes = span.mutableBytes
  bytes.storeBytes(
    of: values, toByteOffset: place &* MemoryLayout<Unit.Scalar>.stride, as: Unit.self)
}

/// As ``fillUnits(_:offset:_:)`` for draws that take 64 bits each: `pair` makes two vectors of
/// draws from the two halves of four blocks.
@inline(__always)
func fillPairs(
  _ span: inout MutableSpan<Double>, _ blocks: PhiloxVector, offset: Int,
  _ pair: (SIMD4<UInt64>, SIMD4<UInt64>) -> (SIMD4<Double>, SIMD4<Double>)
) {
  fillUnits(&span, offset: offset) { unit in
    let words = blocks.words(group: unit)
    let first = joinWords(words.0, words.1)
    let second = joinWords(words.2, words.3)
    let low = pair(first.lowHalf, second.lowHalf)
    let high = pair(first.highHalf, second.highHalf)
    return SIMD16(
      lowHalf: SIMD8(lowHalf: low.0, highHalf: high.0),
      highHalf: SIMD8(lowHalf: low.1, highHalf: high.1))
  }
}

/// 64-bit words from their high and low halves.
@inline(__always)
private func joinWords(_ high: SIMD8<UInt32>, _ low: SIMD8<UInt32>) -> SIMD8<UInt64> {
  (SIMD8<UInt64>(truncatingIfNeeded: high) &<< 32) | SIMD8<UInt64>(truncatingIfNeeded: low)
}
