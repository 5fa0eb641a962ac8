import Testing

@testable import Kernels

// Seen to fail: a tail that writes one element less, select with the branches exchanged.

private func forEveryLength(_ body: (_ count: Int, _ offset: Int) -> Void) {
  for count in Array(0...40) + [63, 64, 65, 257] {
    for offset in [0, 1, 3] { body(count, offset) }
  }
}

@Test(arguments: UnaryFunction.allCases)
func anElementHasTheSameBitsWhereverItLies(f: UnaryFunction) {
  func check<Scalar: KernelScalar>(_ scalar: Scalar.Type) {
    var random = TestRandom(3)
    let x = random.array(300, of: Scalar.self).map { 30 * $0 }
    var whole = [Scalar](repeating: 0, count: 300)
    Scalar.apply(f, x, into: &whole, count: 300)
    forEveryLength { count, offset in
      let part = Array(x[offset..<offset + min(count, 290)])
      var y = [Scalar](repeating: 42, count: part.count + 2)
      Scalar.apply(f, part, into: &y, count: part.count)
      for i in part.indices { #expect(isSame(y[i], whole[offset + i]), "\(f) \(count)") }
      #expect(y.suffix(2) == [42, 42], "\(f) wrote behind \(count) elements")
    }
  }
  check(Float.self)
  check(Double.self)
}

@Test func anOutputMayBeAnInput() throws {
  let x = try AlignedBuffer<Float>(count: 37)
  let y = try AlignedBuffer<Float>(count: 37)
  func reset() {
    for i in 0..<37 {
      x.pointer[i] = Float(i) - 9
      y.pointer[i] = Float(3 * i % 7)
    }
  }
  reset()
  Float.apply(.square, x.pointer, into: x.pointer, count: 37)
  #expect((0..<37).allSatisfy { x.pointer[$0] == (Float($0) - 9) * (Float($0) - 9) })
  reset()
  Float.apply(.subtract, x.pointer, y.pointer, into: y.pointer, count: 37)
  #expect((0..<37).allSatisfy { y.pointer[$0] == Float($0) - 9 - Float(3 * $0 % 7) })
  reset()
  Float.multiplyAdd(x.pointer, y.pointer, x.pointer, into: x.pointer, count: 37)
  #expect((0..<37).allSatisfy { x.pointer[$0] == (Float($0) - 9) * Float(3 * $0 % 7 + 1) })
  reset()
  Float.select(y.pointer, x.pointer, y.pointer, into: y.pointer, count: 37)
  #expect(
    (0..<37).allSatisfy { y.pointer[$0] == (3 * $0 % 7 == 0 ? 0 : Float($0) - 9) })
}

@Test func theOtherElementwiseKernelsAgreeWithTheirReference() {
  func check<Scalar: KernelScalar>(_ scalar: Scalar.Type) {
    var random = TestRandom(4)
    forEveryLength { count, _ in
      let a = random.array(count, of: Scalar.self)
      let b = random.array(count, of: Scalar.self)
      var mask = random.array(count, of: Scalar.self).map { $0 < 0 ? 0 : $0 }
      if count > 2 { mask[count / 2] = .nan }
      let start = random.array(count, of: Scalar.self) + [42]
      let kernels: [(_ z: inout [Scalar], _ isReference: Bool) -> Void] = [
        { z, isReference in
          isReference
            ? Reference.select(mask, a, b, into: &z, count: count)
            : Scalar.select(mask, a, b, into: &z, count: count)
        },
        { z, isReference in
          isReference
            ? Reference.multiplyAdd(a, b, mask, into: &z, count: count)
            : Scalar.multiplyAdd(a, b, mask, into: &z, count: count)
        },
        { z, isReference in
          isReference
            ? Reference.fill(&z, with: 2.5, count: count)
            : Scalar.fill(&z, with: 2.5, count: count)
        },
        { z, isReference in
          isReference
            ? Reference.copy(a, into: &z, count: count) : Scalar.copy(a, into: &z, count: count)
        },
        { z, isReference in
          isReference
            ? Reference.addInto(a, into: &z, count: count)
            : Scalar.addInto(a, into: &z, count: count)
        },
        { z, isReference in
          isReference
            ? Reference.scale(a, by: -0.3, into: &z, count: count)
            : Scalar.scale(a, by: -0.3, into: &z, count: count)
        },
      ]
      for (number, kernel) in kernels.enumerated() {
        var value = start
        var expected = start
        kernel(&value, false)
        kernel(&expected, true)
        #expect(zip(value, expected).allSatisfy { isSame($0, $1) }, "\(number) \(count)")
      }
    }
  }
  check(Float.self)
  check(Double.self)
}
