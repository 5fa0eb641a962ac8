import Expressions
import Testing

@testable import ScoreMatching

// Known minima, with the iterations that they take stated as bounds. Seen to fail without the scale of the first
// matrix, with the second loop's factors in the wrong order or of the wrong sign, with one pair or all pairs
// remembered, with ten times the tolerance, with a cap one too far, with infinite values taken for a start, with a
// first step of 1, with the value before the step kept for the one after it, and with a failed search the last one.
@Suite struct LBFGSTests {
  typealias Function = ([Double]) -> (value: Double, gradient: [Double])

  /// (1 - x)² + 100 (y - x²)², summed over neighbours.
  static func rosenbrock(_ x: [Double]) -> (value: Double, gradient: [Double]) {
    var value = 0.0
    var gradient = [Double](repeating: 0, count: x.count)
    for i in 0..<x.count - 1 {
      let (a, b) = (1 - x[i], x[i + 1] - x[i] * x[i])
      value += a * a + 100 * b * b
      gradient[i] += -2 * a - 400 * x[i] * b
      gradient[i + 1] += 200 * b
    }
    return (value, gradient)
  }

  /// ½ Σ λᵢ (xᵢ - i)² + constant, λ geometric from 1 to the condition number.
  static func quadratic(_ n: Int, condition: Double, constant: Double = 0) -> Function {
    { x in
      var value = constant
      var gradient = x
      for i in 0..<n {
        let eigenvalue = Real.power(condition, Double(i) / Double(max(n - 1, 1)))
        let offset = x[i] - Double(i)
        value += eigenvalue * offset * offset / 2
        gradient[i] = eigenvalue * offset
      }
      return (value, gradient)
    }
  }

  func minimise(_ f: Function, _ start: LBFGS) -> LBFGS {
    var minimiser = start
    while case .evaluate(let point) = minimiser.request {
      let (value, gradient) = f(point)
      minimiser.take(value: value, gradient: gradient)
    }
    return minimiser
  }

  @Test("Rosenbrock's function in two dimensions takes 45 iterations at most to 1e-10")
  func rosenbrockInThePlane() {
    let found = minimise(Self.rosenbrock, LBFGS(from: [-1.2, 1], tolerance: 1e-10))
    #expect(found.request == .stop(.converged))
    #expect(found.gradientNorm <= 1e-10)
    #expect(found.point.allSatisfy { abs($0 - 1) < 1e-9 }, "\(found.point)")
    #expect(found.iterations <= 45, "\(found.iterations) iterations")
    #expect(found.evaluations <= 60, "\(found.evaluations) evaluations")
  }

  @Test("Rosenbrock's function in a hundred dimensions reaches its minimum of all ones")
  func rosenbrockInAHundredDimensions() {
    let found = minimise(
      Self.rosenbrock,
      LBFGS(from: [Double](repeating: 0, count: 100), tolerance: 1e-9, iterationLimit: 2000))
    #expect(found.request == .stop(.converged))
    #expect(found.point.allSatisfy { abs($0 - 1) < 1e-8 })
    #expect(found.iterations <= 700, "\(found.iterations) iterations")
  }

  @Test("A quadratic of twenty dimensions and condition 1e4 takes 150 iterations at most to 1e-10")
  func illConditionedQuadratic() {
    let found = minimise(
      Self.quadratic(20, condition: 1e4),
      LBFGS(from: [Double](repeating: 3, count: 20), tolerance: 1e-10, memory: 40))
    #expect(found.request == .stop(.converged))
    for (i, x) in found.point.enumerated() { #expect(abs(x - Double(i)) < 1e-10) }
    #expect(found.iterations <= 150, "\(found.iterations) iterations")
  }

  @Test("A gradient of 1e-10 is reached although the value is 1e6 and its falls are rounded away")
  func belowTheRoundingOfTheValue() {
    let found = minimise(
      Self.quadratic(10, condition: 100, constant: 1e6),
      LBFGS(from: [Double](repeating: 0, count: 10), tolerance: 1e-10))
    #expect(found.request == .stop(.converged), "norm \(found.gradientNorm)")
  }

  @Test("The cap of iterations is a reason of its own, and the point is the last accepted one")
  func cap() {
    let found = minimise(
      Self.rosenbrock, LBFGS(from: [-1.2, 1], tolerance: 1e-10, iterationLimit: 5))
    #expect(found.request == .stop(.iterationLimit))
    #expect(found.iterations == 5)
    #expect(found.value == Self.rosenbrock(found.point).value)
    #expect(found.value < Self.rosenbrock([-1.2, 1]).value)
    let none = minimise(Self.rosenbrock, LBFGS(from: [-1.2, 1], iterationLimit: 0))
    #expect(none.request == .stop(.iterationLimit))
    #expect(none.point == [-1.2, 1] && none.evaluations == 1)
  }

  @Test("A start at the minimum takes one evaluation")
  func startAtTheMinimum() {
    let found = minimise(Self.rosenbrock, LBFGS(from: [1, 1]))
    #expect(found.request == .stop(.converged))
    #expect(found.iterations == 0 && found.evaluations == 1)
  }

  @Test("A step over a wall, where the function is not finite, is taken back")
  func wall() {
    let barrier: Function = { x in
      (x[0] > 0 ? x[0] - Real.log(x[0]) : .infinity, [1 - 1 / x[0]])
    }
    let found = minimise(barrier, LBFGS(from: [0.01], tolerance: 1e-12))
    #expect(found.request == .stop(.converged))
    #expect(abs(found.point[0] - 1) < 1e-12)
    let lost = minimise(barrier, LBFGS(from: [-1]))
    #expect(lost.request == .stop(.notFinite))
  }

  @Test("A function without a minimum ends at the cap, not in one endless search")
  func unbounded() {
    let found = minimise({ x in (-x[0], [-1]) }, LBFGS(from: [0], iterationLimit: 20))
    #expect(found.request == .stop(.iterationLimit) || found.request == .stop(.noProgress))
    #expect(found.evaluations <= 20 * WolfeSearch.evaluationLimit)
  }

  @Test("A tolerance of 0 ends where rounding hides what is left")
  func rounding() {
    let noisy: Function = { x in
      let (value, gradient) = Self.rosenbrock(x)
      return (value, gradient.map { Double(Float($0)) + 1e-7 })  // no zero near the minimum
    }
    let found = minimise(noisy, LBFGS(from: [-1.2, 1], tolerance: 0, iterationLimit: 500))
    #expect(found.request != .stop(.converged))
    #expect(found.point.allSatisfy { abs($0 - 1) < 1e-3 }, "\(found.point)")
  }

  @Test(
    "It remembers as many pairs as it may: more of them take fewer iterations, more than there are none"
  )
  func memory() {
    let iterations = [1, 5, 40, 400].map { memory in
      minimise(
        Self.quadratic(20, condition: 1e4),
        LBFGS(from: [Double](repeating: 3, count: 20), tolerance: 1e-8, memory: memory)
      ).iterations
    }
    #expect(iterations[0] > iterations[1] && iterations[1] > iterations[2], "\(iterations)")
    #expect(iterations[2] == iterations[3] || iterations[2] > 40, "\(iterations)")
  }

  @Test("The tolerance is the bound on the gradient: not met before, and no iteration after it")
  func tolerance() {
    for tolerance in [1e-2, 1e-5] {
      var minimiser = LBFGS(from: [-1.2, 1], tolerance: tolerance)
      var norms: [Double] = []
      while case .evaluate(let point) = minimiser.request {
        let (value, gradient) = Self.rosenbrock(point)
        let before = minimiser.iterations
        minimiser.take(value: value, gradient: gradient)
        if minimiser.iterations > before || minimiser.evaluations == 1 {
          norms.append(minimiser.gradientNorm)
        }
      }
      #expect(minimiser.gradientNorm <= tolerance)
      #expect(norms.dropLast().allSatisfy { $0 > tolerance })
    }
  }

  @Test("The first step is at most 1 long, whatever the gradient's length")
  func firstStep() {
    for scale in [1e-3, 1, 1e6] {
      var minimiser = LBFGS(from: [0, 0])
      minimiser.take(value: 0, gradient: [3 * scale, -4 * scale])
      guard case .evaluate(let point) = minimiser.request else {
        Issue.record("nothing is asked for")
        continue
      }
      let length = (point[0] * point[0] + point[1] * point[1]).squareRoot()
      #expect((length - min(1, 5 * scale)).magnitude < 1e-12, "\(scale): \(length)")
    }
  }

  @Test("A search that fails along a direction of old pairs is taken up along the steepest descent")
  func secondChance() {
    var minimiser = LBFGS(from: [-1.2, 1], tolerance: 1e-10)
    var lost = 0
    while case .evaluate(let point) = minimiser.request {
      let (value, gradient) = Self.rosenbrock(point)
      let isLost = minimiser.iterations == 5 && lost < WolfeSearch.evaluationLimit
      if isLost { lost += 1 }
      minimiser.take(value: isLost ? .nan : value, gradient: gradient)
    }
    #expect(minimiser.request == .stop(.converged))
    #expect(lost == WolfeSearch.evaluationLimit && minimiser.iterations > 5)
  }

  @Test("Every accepted step meets both Wolfe conditions")
  func wolfeConditions() {
    var minimiser = LBFGS(from: [-1.2, 1], tolerance: 1e-10)
    var (last, lastValue) = (minimiser.point, Double.nan)
    var lastGradient: [Double] = []
    while case .evaluate(let point) = minimiser.request {
      let (value, gradient) = Self.rosenbrock(point)
      let before = minimiser.iterations
      minimiser.take(value: value, gradient: gradient)
      if minimiser.iterations > before {
        let move = zip(minimiser.point, last).map(-)
        let along = { (g: [Double]) in zip(g, move).reduce(0) { $0 + $1.0 * $1.1 } }
        #expect(value <= lastValue + 1e-4 * along(lastGradient) + 1e-10 * lastValue)
        #expect(abs(along(gradient)) <= 0.9 * abs(along(lastGradient)) * (1 + 1e-9))
      }
      if minimiser.evaluations == 1 || minimiser.iterations > before {
        (last, lastValue, lastGradient) = (minimiser.point, value, gradient)
      }
    }
    #expect(minimiser.request == .stop(.converged))
  }
}
