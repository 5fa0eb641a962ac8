/// Limited-memory BFGS: minimises a smooth function by its values and gradients, as a machine that
/// asks for evaluations, so that whoever evaluates may stop at any of them.
///
///     θ ← θ - α H ∇f(θ),   H from the last m pairs of steps and gradient differences
///
/// The step α is found by a line search for the strong Wolfe conditions; each iteration takes one
/// evaluation where the step 1 is good, as it mostly is. Everything is in Double and deterministic.
///
///     var minimiser = LBFGS(from: start)
///     while case .evaluate(let point) = minimiser.request {
///       minimiser.take(value: f(point), gradient: df(point))
///     }
///
/// - Complexity: 4 m products of vectors per iteration, beside the evaluations.
///
/// Reference: Liu & Nocedal, Mathematical Programming 45 (1989), 503-528; Nocedal & Wright,
/// "Numerical Optimization", 2nd ed., algorithm 7.5.
public struct LBFGS: Sendable, Hashable, Codable {
  /// What the machine asks for.
  public enum Request: Sendable, Hashable, Codable {
    /// The value and the gradient at this point.
    case evaluate([Double])
    /// Nothing more, for this reason.
    case stop(Reason)
  }

  /// Why a minimisation ended.
  public enum Reason: Sendable, Hashable, Codable {
    /// The gradient's norm is at or below the tolerance.
    case converged
    /// All iterations are made.
    case iterationLimit
    /// No step along the last direction is better: rounding hides what is left.
    case noProgress
    /// The function or its gradient is not finite at the start.
    case notFinite
  }

  /// The gradient's Euclidean norm at which a point counts as the minimum.
  public let tolerance: Double
  /// The most iterations.
  public let iterationLimit: Int
  /// The most pairs that are kept, m.
  public let memory: Int

  /// What to do next.
  public private(set) var request: Request
  /// The best point so far: the last that an iteration accepted.
  @Exact public private(set) var point: [Double]
  /// The function there; NaN before the first evaluation.
  public private(set) var value = Double.nan
  /// The Euclidean norm of the gradient there; NaN before the first evaluation.
  public private(set) var gradientNorm = Double.nan
  /// Iterations made: accepted steps.
  public private(set) var iterations = 0
  /// Evaluations taken.
  public private(set) var evaluations = 0

  @Exact private var gradient: [Double] = []
  @Exact private var direction: [Double] = []
  private var step = 0.0
  private var search: WolfeSearch?
  private var pairs: [Pair] = []
  /// What a value may differ by from its neighbours by rounding alone, as a fraction of it.
  private var rounding: Double
  private let coarsestRounding: Double

  /// A step s, the gradient's difference y, and 1/(s·y).
  private struct Pair: Sendable, Hashable, Codable {
    @Exact var s: [Double]
    @Exact var y: [Double]
    var rho: Double
  }

  /// A minimisation from a point.
  ///
  /// - Parameter rounding: the relative error of values. Sums over rows of terms that cancel lose some
  ///   of the digits; where a search fails for it, up to 10⁴ times as much is allowed.
  public init(
    from start: [Double], tolerance: Double = 1e-8, iterationLimit: Int = 1000, memory: Int = 20,
    rounding: Double = 1e-10
  ) {
    precondition(memory > 0 && tolerance >= 0, "lbfgs: memory \(memory), tolerance \(tolerance)")
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
    self.memory = memory
    self.rounding = rounding
    coarsestRounding = 1e4 * rounding
    point = start
    request = .evaluate(start)
  }

  /// Takes the value and the gradient at the point that was asked for.
  public mutating func take(value newValue: Double, gradient newGradient: [Double]) {
    guard case .evaluate(let candidate) = request else {
      preconditionFailure("lbfgs: nothing was asked for")
    }
    precondition(
      newGradient.count == point.count,
      "lbfgs: gradient of \(newGradient.count), point of \(point.count)")
    evaluations += 1
    guard var current = search else {
      accept(candidate, newValue, newGradient)
      return
    }
    let verdict = current.take(
      WolfeSearch.Point(step: step, value: newValue, slope: dot(newGradient, direction)))
    search = current
    switch verdict {
    case .evaluate(let next):
      step = next
      request = .evaluate(moved(next))
    case .accepted:
      remember(candidate, newGradient)
      iterations += 1
      accept(candidate, newValue, newGradient)
    case .exhausted:
      // A direction made of old pairs may be bad where that of steepest descent is not, and values may
      // be less exact than was thought.
      if pairs.isEmpty, rounding >= coarsestRounding {
        request = .stop(.noProgress)
      } else {
        pairs = []
        rounding = min(1000 * rounding, coarsestRounding)
        startSearch()
      }
    }
  }

  private mutating func accept(
    _ newPoint: [Double], _ newValue: Double, _ newGradient: [Double]
  ) {
    (point, value, gradient) = (newPoint, newValue, newGradient)
    gradientNorm = dot(gradient, gradient).squareRoot()
    guard value.isFinite, gradientNorm.isFinite else {
      request = .stop(.notFinite)
      return
    }
    if gradientNorm <= tolerance {
      request = .stop(.converged)
    } else if iterations >= iterationLimit {
      request = .stop(.iterationLimit)
    } else {
      startSearch()
    }
  }

  private mutating func startSearch() {
    direction = descent()
    var slope = dot(direction, gradient)
    if !(slope < 0) {
      pairs = []
      direction = gradient.map { -$0 }
      slope = -gradientNorm * gradientNorm
    }
    // A gradient has no length of its own to go by: the first step is at most 1 long.
    step = pairs.isEmpty ? min(1, 1 / gradientNorm) : 1
    search = WolfeSearch(
      from: WolfeSearch.Point(step: 0, value: value, slope: slope),
      slack: rounding * value.magnitude)
    request = .evaluate(moved(step))
  }

  private func moved(_ step: Double) -> [Double] { zip(point, direction).map { $0 + step * $1 } }

  private mutating func remember(_ newPoint: [Double], _ newGradient: [Double]) {
    let s = zip(newPoint, point).map(-)
    let y = zip(newGradient, gradient).map(-)
    let product = dot(s, y)
    // Where rounding is all that differs, the pair says nothing of the curvature.
    guard product > 0x1p-52 * (dot(s, s) * dot(y, y)).squareRoot() else { return }
    if pairs.count == memory { pairs.removeFirst() }
    pairs.append(Pair(s: s, y: y, rho: 1 / product))
  }

  /// -H ∇f by the two loops over the pairs.
  private func descent() -> [Double] {
    var q = gradient
    var factors: [Double] = []
    for pair in pairs.reversed() {
      let factor = pair.rho * dot(pair.s, q)
      for i in q.indices { q[i] -= factor * pair.y[i] }
      factors.append(factor)
    }
    if let last = pairs.last {
      let scale = 1 / (last.rho * dot(last.y, last.y))
      for i in q.indices { q[i] *= scale }
    }
    for (pair, factor) in zip(pairs, factors.reversed()) {
      let correction = factor - pair.rho * dot(pair.y, q)
      for i in q.indices { q[i] += correction * pair.s[i] }
    }
    return q.map { -$0 }
  }

  private func dot(_ x: [Double], _ y: [Double]) -> Double {
    var sum = 0.0
    for i in x.indices { sum += x[i] * y[i] }
    return sum
  }
}
