/// What the multiply-add units of one core deliver, in 10⁹ operations a second.
public struct PeakRate: Sendable, Equatable {
  /// In Float.
  public let float32: Double
  /// In Double.
  public let float64: Double
}

/// Measures the rate of fused multiply-adds from registers alone, the ceiling of every product.
///
/// Twelve or twenty-four independent chains, as the matrix product's micro-kernel, of two operations an
/// element each. The best of many short runs is returned: the clock of a shared machine drifts.
///
/// - Parameter seconds: how long to measure, half for each precision.
public func peakFMA(seconds: Double) -> PeakRate {
  PeakRate(
    float32: bestRate(FloatVector.self, seconds: seconds / 2),
    float64: bestRate(DoubleVector.self, seconds: seconds / 2))
}

private func bestRate<Vector: KernelVector>(_ type: Vector.Type, seconds: Double) -> Double {
  let clock = ContinuousClock()
  let start = clock.now
  let steps = 20_000
  var best = 0.0
  var seed: Vector.Scalar = 0.5
  repeat {
    let begin = clock.now
    let result = chains(Vector(repeating: seed), steps: steps)
    let elapsed = (clock.now - begin) / .seconds(1)
    // Feeding the result back keeps the optimiser from dropping or hoisting the work.
    seed = result.sum < 1 ? 0.5 : 0.25
    best = max(best, Double(2 * result.count * Vector.scalarCount * steps) / elapsed / 1e9)
  } while (clock.now - start) / .seconds(1) < seconds
  return best
}

/// Twelve chains, twenty-four where there are registers for them.
@inline(never)
private func chains<Vector: KernelVector>(
  _ seed: Vector, steps: Int
) -> (sum: Vector.Scalar, count: Int) {
  let factor = Vector(repeating: 0.999)
  var first = Chains(seed)
  guard Vector.registerCount >= 32 else {
    for _ in 0..<steps { first.advance(seed, factor) }
    return (first.sum, 12)
  }
  var second = Chains(seed + 12)
  for _ in 0..<steps {
    first.advance(seed, factor)
    second.advance(seed, factor)
  }
  return (first.sum + second.sum, 24)
}

/// Twelve independent chains of multiply-adds.
private struct Chains<Vector: KernelVector> {
  private var c0: Vector
  private var c1: Vector
  private var c2: Vector
  private var c3: Vector
  private var c4: Vector
  private var c5: Vector
  private var c6: Vector
  private var c7: Vector
  private var c8: Vector
  private var c9: Vector
  private var c10: Vector
  private var c11: Vector

  init(_ seed: Vector) {
    (c0, c1, c2, c3) = (seed, seed + 1, seed + 2, seed + 3)
    (c4, c5, c6, c7) = (seed + 4, seed + 5, seed + 6, seed + 7)
    (c8, c9, c10, c11) = (seed + 8, seed + 9, seed + 10, seed + 11)
  }

  @inline(__always)
  mutating func advance(_ seed: Vector, _ factor: Vector) {
    c0 = seed.plus(c0, times: factor)
    c1 = seed.plus(c1, times: factor)
    c2 = seed.plus(c2, times: factor)
    c3 = seed.plus(c3, times: factor)
    c4 = seed.plus(c4, times: factor)
    c5 = seed.plus(c5, times: factor)
    c6 = seed.plus(c6, times: factor)
    c7 = seed.plus(c7, times: factor)
    c8 = seed.plus(c8, times: factor)
    c9 = seed.plus(c9, times: factor)
    c10 = seed.plus(c10, times: factor)
    c11 = seed.plus(c11, times: factor)
  }

  var sum: Vector.Scalar {
    (c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11).sum()
  }
}
