/// Fills `span` with independent draws of `law`: element i of the span is element `offset + i`
/// of the infinite sequence (key, draw), however the sequence is cut into fills.
///
/// Eight consecutive Philox blocks make 32 elements: element 8 w + b is (with normal draws: comes
/// from) word w of block b. A rademacher element takes one bit: the eight blocks make 1024
/// elements, and element 256 w + 8 t + b is bit t of word w of block b.
///
/// - Parameters:
///   - span: receives the draws.
///   - law: the law of each element.
///   - key: the stream.
///   - draw: which sequence of the stream, such as the step.
///   - offset: where in the sequence the span begins, at least 0.
/// - Complexity: one Philox block for 4 elements, 128 with ``RandomLaw/rademacher``.
public func fill(
  _ span: inout MutableSpan<Float>, law: RandomLaw, key: StreamKey, draw: UInt64, offset: Int
) {
  precondition(offset >= 0, "fill: offset \(offset) is negative")
  let blocks = PhiloxVector(philox: Philox4x32(key), draw: draw)
  switch law {
  case .uniform:
    fillUnits(&span, offset: offset) { unit in
      let words = blocks.words(group: unit)
      return join(
        FloatDraws.uniform(words.0), FloatDraws.uniform(words.1), FloatDraws.uniform(words.2),
        FloatDraws.uniform(words.3))
    }
  case .normal:
    fillUnits(&span, offset: offset) { unit in
      let words = blocks.words(group: unit)
      let first = FloatDraws.normals(words.0, words.1)
      let second = FloatDraws.normals(words.2, words.3)
      return join(first.0, first.1, second.0, second.1)
    }
  case .rademacher:
    var bits = SignBits(blocks)
    fillUnits(&span, offset: offset) { unit in
      let (words, bit) = bits.words(unit)
      return join(
        FloatDraws.signs(words, bit: bit), FloatDraws.signs(words, bit: bit &+ 1),
        FloatDraws.signs(words, bit: bit &+ 2), FloatDraws.signs(words, bit: bit &+ 3))
    }
  }
}

/// Fills `span` with independent draws of `law`: element i of the span is element `offset + i`
/// of the infinite sequence (key, draw), however the sequence is cut into fills.
///
/// Eight consecutive Philox blocks make 16 elements: element b takes the first two words of
/// block b, element 8 + b the others; a pair of normal draws takes both. A rademacher element
/// takes one bit and equals the element of the same number in Float.
///
/// - Parameters:
///   - span: receives the draws.
///   - law: the law of each element.
///   - key: the stream.
///   - draw: which sequence of the stream, such as the step.
///   - offset: where in the sequence the span begins, at least 0.
/// - Complexity: one Philox block for 2 elements, 128 with ``RandomLaw/rademacher``.
public func fill(
  _ span: inout MutableSpan<Double>, law: RandomLaw, key: StreamKey, draw: UInt64, offset: Int
) {
  precondition(offset >= 0, "fill: offset \(offset) is negative")
  let blocks = PhiloxVector(philox: Philox4x32(key), draw: draw)
  switch law {
  case .uniform:
    fillPairs(&span, blocks, offset: offset) { first, second in
      (DoubleDraws.uniform(first), DoubleDraws.uniform(second))
    }
  case .normal:
    fillPairs(&span, blocks, offset: offset) { first, second in
      DoubleDraws.normals(first, second)
    }
  case .rademacher:
    var bits = SignBits(blocks)
    fillUnits(&span, offset: offset) { unit in
      let (words, bit) = bits.words(unit)
      return SIMD32<Double>(
        join(
          FloatDraws.signs(words, bit: bit), FloatDraws.signs(words, bit: bit &+ 1),
          FloatDraws.signs(words, bit: bit &+ 2), FloatDraws.signs(words, bit: bit &+ 3)))
    }
  }
}
