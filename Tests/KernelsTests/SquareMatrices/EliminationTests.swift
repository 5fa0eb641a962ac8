import Testing

@testable import Kernels

/// The inverse of a matrix and ln |det| by the kernels or by their plain twins.
private func results<Scalar: KernelScalar>(
  _ a: [Scalar], _ n: Int, byReference: Bool = false
) -> (inverse: [Scalar], logDeterminant: Scalar) {
  var b = [Scalar](repeating: .nan, count: n * n + 1)
  var workspace = [Scalar](repeating: .nan, count: n * n + 1)
  let logDeterminant: Scalar
  if byReference {
    Reference.invert(a, n, into: &b, workspace: &workspace)
    logDeterminant = Reference.logAbsoluteDeterminant(a, n, workspace: &workspace)
  } else {
    Scalar.invert(a, n, into: &b, workspace: &workspace)
    logDeterminant = Scalar.logAbsoluteDeterminant(a, n, workspace: &workspace)
  }
  #expect(b[n * n].isNaN && workspace[n * n].isNaN, "written beyond the matrix, n = \(n)")
  return (Array(b.dropLast()), logDeterminant)
}

/// The largest sum of magnitudes in a row.
private func norm<Scalar: KernelScalar>(_ a: [Scalar], _ n: Int) -> Double {
  (0..<n).map { i in (0..<n).reduce(0) { $0 + Double(a[i * n + $1].magnitude) } }.max() ?? 0
}

private func check<Scalar: KernelScalar>(_ type: Scalar.Type, _ n: Int) {
  var random = TestRandom(UInt64(n) + 3)
  let a = random.array(n * n, of: Scalar.self)
  let found = results(a, n)
  let eps = Double(Scalar.ulpOfOne)
  let scale = Double(n) * eps * norm(a, n) * norm(found.inverse, n)
  for i in 0..<n {
    for j in 0..<n {
      let sum = (0..<n).reduce(Wide(0)) {
        $0 + Wide(a[i * n + $1]) * Wide(found.inverse[$1 * n + j])
      }
      #expect(Double((sum - (i == j ? 1 : 0)).magnitude) <= scale, "\(type), n = \(n)")
    }
  }
  let plain = results(a, n, byReference: true)
  for (x, y) in zip(found.inverse, plain.inverse) {
    #expect(Double((x - y).magnitude) <= 2 * scale * norm(found.inverse, n), "\(type), n = \(n)")
  }
  #expect(
    Double((found.logDeterminant - plain.logDeterminant).magnitude) <= 2 * scale + 10 * eps,
    "\(type), n = \(n)")
}

// Seen to fail: without the exchange of rows, with rows of the right side left where they were, with the logarithms of
// pivots for those of their magnitudes, with the pivot looked for from the row below.
struct EliminationTests {
  @Test(arguments: Array(0...18) + [31, 32, 33, 40, 65])
  func theInverseTimesTheMatrixIsTheIdentity(_ n: Int) {
    check(Float.self, n)
    check(Double.self, n)
  }

  @Test func aZeroOnTheDiagonalIsNoObstacle() {
    let cycle: [Double] = [0, 2, 0, 0, 0, -4, 8, 0, 0]
    let (inverse, logDeterminant) = results(cycle, 3)
    #expect(inverse == [0, 0, 0.125, 0.5, 0, 0, 0, -0.25, 0])
    #expect((logDeterminant - 6 * 0.6931471805599453).magnitude < 1e-15)
  }

  @Test func aTinyPivotIsNotTaken() {
    let a = [1e-20, 1.0, 1, 1]
    let (inverse, logDeterminant) = results(a, 2)
    #expect(zip(inverse, [-1.0, 1, 1, 0]).allSatisfy { ($0 - $1).magnitude < 1e-15 })
    #expect(logDeterminant.magnitude < 1e-15)
    // Nor the larger one of the rows below: one that is there already may be larger.
    let (other, _) = results([1, 1, 1e-20, 1], 2)
    #expect(zip(other, [1.0, -1, 0, 1]).allSatisfy { ($0 - $1).magnitude < 1e-15 })
  }

  @Test func theLogarithmNeitherOverflowsNorUnderflows() {
    for power in [300.0, -300] {
      let scale = power > 0 ? 1e300 : 1e-300
      let a = (0..<36).map { $0 / 6 == $0 % 6 ? scale : 0.0 }
      #expect(
        (results(a, 6).logDeterminant / (6 * power * 2.302585092994046) - 1).magnitude < 1e-15)
    }
  }

  @Test func aSingularMatrixHasNoFiniteInverse() {
    let singular: [[Double]] = [
      [0], [1, 2, 2, 4], [0, 0, 0, 1], [0, 1, 0, 2], [1, 2, 3, 2, 4, 6, 1, 0, 1],
      [Double](repeating: 0, count: 16),
    ]
    for a in singular {
      let n = Int(Double(a.count).squareRoot())
      let (inverse, logDeterminant) = results(a, n)
      #expect(!inverse.allSatisfy(\.isFinite) && !logDeterminant.isFinite, "\(a)")
    }
  }

  @Test func aNaNAnywhereIsSeen() {
    for place in 0..<9 {
      var a: [Double] = [2, 1, 0, 1, 3, 1, 0, 1, 4]
      a[place] = .nan
      let (inverse, logDeterminant) = results(a, 3)
      #expect(inverse.contains(where: \.isNaN) && logDeterminant.isNaN, "place \(place)")
    }
  }
}
