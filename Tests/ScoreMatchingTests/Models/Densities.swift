import Expressions
import TestSupport

@testable import ScoreMatching

/// ∫ exp(logDensity) over an interval or a square, by the trapezium rule.
func integral(
  _ logDensity: EnergyFunction, dimension: Int, from lower: Double, to upper: Double, step: Double
) -> Double {
  let axis = (0...Int((upper - lower) / step)).map { lower + step * Double($0) }
  let points = dimension == 1 ? axis : axis.flatMap { a in axis.flatMap { [a, $0] } }
  let x = Tensor.literal(points, [points.count / dimension, dimension])
  let cell = dimension == 1 ? step : step * step
  return evaluate(exp(logDensity(x))).reduce(0, +) * cell
}

/// How far a score is from central differences of a log density along one direction, relatively.
func scoreError(_ logDensity: EnergyFunction, score: (Tensor) -> Tensor, at x: Tensor) -> Double {
  var numbers = TestNumbers(seed: 77)
  let v = Tensor.literal(numbers.normals(x.elementCount), x.shape)
  let step = 1e-5
  let ends = [step, -step].map { number(sum(logDensity(x + .fill($0) * v))) }
  return relativeDifference(
    evaluate(sum(score(x) * v)), [(ends[0] - ends[1]) / (2 * step)])
}
