import Testing

@testable import Randomness

// Seen to fail: eight rounds of Philox in the vector form only, the wrong sign of the cosine in
// one quarter, a unit started at the span's beginning instead of at its offset.

@Test(arguments: RandomLaw.allCases)
func vectorDrawsAreTheDefinitionElementByElement(law: RandomLaw) {
  let sequences: [(UInt64, UInt64, Int)] = [
    (0, 0, 0), (.max, 7, 5), (0x1234_5678_9abc_def0, 1 << 40, 2048),
  ]
  for (key, draw, offset) in sequences {
    let single = floats(2500, law, key: key, draw: draw, offset: offset)
    let double = doubles(2500, law, key: key, draw: draw, offset: offset)
    for i in 0..<2500 {
      let key = StreamKey(bits: key)
      let expected = ReferenceDraws.float(law, key: key, draw: draw, element: offset + i)
      let expectedDouble = ReferenceDraws.double(law, key: key, draw: draw, element: offset + i)
      let units = law == .normal ? 4.0 : 0
      #expect(abs(Double(single[i]) - expected) <= units * abs(expected) * 0x1p-23)
      #expect(abs(double[i] - expectedDouble) <= units * abs(expectedDouble) * 0x1p-52)
    }
  }
}

@Test func drawsFarIntoTheSequenceUseTheHighWordOfTheCounter() {
  let offset = (1 << 40) + 3
  let far = floats(64, .uniform, key: 3, offset: offset)
  for i in 0..<64 {
    let expected = ReferenceDraws.float(
      .uniform, key: StreamKey(bits: 3), draw: 0, element: offset + i)
    #expect(Double(far[i]) == expected)
  }
  #expect(Array(far[..<32]) != floats(32, .uniform, key: 3, offset: 3))
}

@Test(arguments: RandomLaw.allCases)
func aSequenceIsTheSameHoweverItIsCut(law: RandomLaw) {
  let whole = floats(1200, law, key: 99, draw: 4)
  let wholeDouble = doubles(1200, law, key: 99, draw: 4)
  for offset in 0...20 {
    for count in [0, 1, 7, 31, 32, 33, 64, 100, 1100] {
      let part = floats(count, law, key: 99, draw: 4, offset: offset)
      #expect(part == Array(whole[offset..<offset + count]))
      let partDouble = doubles(count, law, key: 99, draw: 4, offset: offset)
      #expect(partDouble == Array(wholeDouble[offset..<offset + count]))
    }
  }
  let long = floats(2200, law, key: 99, draw: 4)
  for offset in [255, 256, 1000, 1023, 1024, 1025] {
    let part = floats(1100, law, key: 99, draw: 4, offset: offset)
    #expect(part == Array(long[offset..<offset + 1100]))
  }
}

@Test func signsAreTheSameInBothPrecisions() {
  #expect(
    floats(3000, .rademacher, key: 5, offset: 17).map(Double.init)
      == doubles(3000, .rademacher, key: 5, offset: 17))
}

@Test func uniformDrawsAreStrictlyInsideTheUnitInterval() {
  for words in [SIMD8<UInt32>(repeating: 0), SIMD8<UInt32>(repeating: .max)] {
    let u = FloatDraws.uniform(words)
    #expect(u.min() > 0 && u.max() < 1)
  }
  for bits in [SIMD4<UInt64>(repeating: 0), SIMD4<UInt64>(repeating: .max)] {
    let u = DoubleDraws.uniform(bits)
    #expect(u.min() > 0 && u.max() < 1)
  }
}

@Test func normalDrawsAreFiniteAtTheEndsOfTheWords() {
  for first in [UInt32(0), 1, .max, .max - 1] {
    for second in [UInt32(0), 1 << 29, 1 << 30, 1 << 31, 3 << 30, .max] {
      let z = FloatDraws.normals(SIMD8(repeating: first), SIMD8(repeating: second))
      #expect(z.0[0].isFinite && z.1[0].isFinite && abs(z.0[0]) < 6.7 && abs(z.1[0]) < 6.7)
      let bits = SIMD4(repeating: UInt64(first) << 32 | UInt64(first))
      let turns = SIMD4(repeating: UInt64(second) << 32 | UInt64(second))
      let w = DoubleDraws.normals(bits, turns)
      #expect(w.0[0].isFinite && w.1[0].isFinite && abs(w.0[0]) < 8.6 && abs(w.1[0]) < 8.6)
    }
  }
}
