import Execution
import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

/// The values of one expression in Double.
func evaluate(_ tensor: Tensor, _ inputs: [String: [Double]] = [:], seed: UInt64 = 1) -> [Double] {
  evaluate([tensor], inputs, seed: seed)[0]
}

/// The values of expressions that share their inputs and random draws.
func evaluate(
  _ tensors: [Tensor], _ inputs: [String: [Double]] = [:], seed: UInt64 = 1
) -> [[Double]] {
  Interpreter.evaluate(tensors, inputs: inputs) { leaf, shape in
    let key = StreamKey(bits: seed &* 1000 &+ UInt64(leaf.stream.utf8.count))
    var generator = RandomGenerator(key)
    return (0..<shape.reduce(1, *)).map { _ in
      switch leaf.law {
      case .uniform: generator.uniform()
      case .normal: generator.normal()
      case .rademacher: generator.uniform() < 0.5 ? -1 : 1
      }
    }
  }
}

/// The value of a scalar expression.
func number(_ tensor: Tensor, _ inputs: [String: [Double]] = [:], seed: UInt64 = 1) -> Double {
  precondition(tensor.shape.isEmpty, "number: shape \(tensor.shape)")
  return evaluate(tensor, inputs, seed: seed)[0]
}

extension Metric {
  /// The metric of a score on rows, for one that is a mean over them and asks for no more.
  func value(of score: @escaping ScoreFunction, at x: Tensor) -> Tensor {
    guard case .mean(let body) = quantity else { preconditionFailure("\(longName): no mean") }
    return body(Subject(dimension: x.shape[x.rank - 1], score: score), x)
  }
}

/// Settings as the planner would complete them: what is given, then each default.
func completed(_ settings: [Setting], _ given: SettingValue) -> SettingValue {
  var result = given
  if case .text = given { result = .object([.init("type", given)]) }
  for setting in settings {
    guard let value = given[setting.name] ?? setting.defaultValue else { continue }
    result = result.setting(setting.name, to: completed(setting.kind, value))
  }
  return result
}

private func completed(_ kind: SettingKind, _ value: SettingValue) -> SettingValue {
  switch kind {
  case .optional(let inner): value == .null ? value : completed(inner, value)
  case .group(let settings): completed(settings, value)
  case .variant(let variants):
    variants.first { .text($0.name) == value["type"] }.map { completed($0.settings, value) }
      ?? value
  default: value
  }
}

/// The complete settings of a trial from what an experiment would say.
func trial(_ given: SettingValue) -> SettingValue {
  var settings = ScoreMatchingSettings.settings
  let losses = Losses.declarations + LikelihoodAscent.losses
  let loss = losses.first { .text($0.name) == given["loss"] }
  settings += (loss?.settings ?? []) + (loss?.neighbours ?? [])
  let fit = Fits.declarations.first { .text($0.name) == given["fit"] ?? .text(Fits.minibatch) }
  settings += loss?.neighbours.isEmpty == false ? fit?.neighbours ?? [] : []
  let kinds = Targets.declarations + Simulators.declarations
  let data = kinds.first { .text($0.name) == given["data.type"] }
  settings += data?.neighbours ?? []
  return completed(settings, given)
}

/// Every sign vector of {-1, 1}^d for each of n rows, [2^d, n, d].
func allSigns(rows n: Int, dimension d: Int) -> Tensor {
  let values = (0..<(1 << d)).flatMap { code -> [Double] in
    let signs = (0..<d).map { code >> $0 & 1 == 0 ? 1.0 : -1.0 }
    return (0..<n).flatMap { _ in signs }
  }
  return .literal(values, [1 << d, n, d])
}

/// The 2d points ±√d eᵢ: mean 0, second moment I, third moments 0, exactly.
func cubature(dimension d: Int) -> [[Double]] {
  (0..<d).flatMap { i -> [[Double]] in
    [1.0, -1.0].map { sign in
      (0..<d).map { $0 == i ? sign * Double(d).squareRoot() : 0 }
    }
  }
}

/// A random symmetric positive-definite matrix, row-major.
func randomCovariance(dimension d: Int, seed: UInt64) -> [Double] {
  var numbers = TestNumbers(seed: seed)
  let a = numbers.normals(d * d)
  return (0..<d * d).map { index in
    let (i, j) = (index / d, index % d)
    let gram = (0..<d).reduce(0.0) { $0 + a[i * d + $1] * a[j * d + $1] }
    return gram / Double(d) + (i == j ? 0.5 : 0)
  }
}

/// The mean and its standard error.
func estimate(_ values: [Double]) -> (mean: Double, error: Double) {
  let n = Double(values.count)
  let mean = values.reduce(0, +) / n
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
  return (mean, (variance / n).squareRoot())
}

/// A small network with random parameters, biases included.
func randomModel(
  _ type: String, dimension: Int, hidden: [Int] = [5, 4], activation: String = "softplus",
  skip: Bool = false, seed: UInt64 = 3
) -> (model: any ScoreModel, theta: [Tensor]) {
  let settings = completed(
    Perceptron.settings,
    .object([
      "type": .text(type), "hidden": .list(hidden.map { .number(Double($0)) }),
      "activation": .text(activation), "skip": .boolean(skip),
    ]))
  let model = Models.make(settings, dimension: dimension)
  var numbers = TestNumbers(seed: seed)
  let theta = model.parameters.map { parameter in
    Tensor.literal(numbers.normals(parameter.shape.reduce(1, *)), parameter.shape)
  }
  return (model, theta)
}

/// The slope of a line fitted to ln y over ln x.
func logarithmicSlope(_ x: [Double], _ y: [Double]) -> Double {
  let (u, w) = (x.map { Real.log($0) }, y.map { Real.log($0) })
  let (a, b) = (estimate(u).mean, estimate(w).mean)
  let cross = zip(u, w).reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) }
  return cross / u.reduce(0) { $0 + ($1 - a) * ($1 - a) }
}

/// How far the gradient of a loss along a random direction of all parameters is from a central
/// difference, relatively.
func gradientError(at theta: [Tensor], _ loss: ([Tensor]) -> Tensor) -> Double {
  var numbers = TestNumbers(seed: 12)
  let direction = theta.map { Tensor.literal(numbers.normals($0.elementCount), $0.shape) }
  let gradients = valueAndGradients(of: loss, at: theta).gradients
  let along = zip(evaluate(gradients), evaluate(direction)).reduce(0) { total, pair in
    total + zip(pair.0, pair.1).reduce(0) { $0 + $1.0 * $1.1 }
  }
  let step = 1e-5
  let ends = [1.0, -1].map { sign in
    number(loss(zip(theta, direction).map { $0 + .fill(sign * step) * $1 }))
  }
  return relativeDifference([along], [(ends[0] - ends[1]) / (2 * step)])
}

/// The gradient of a loss of a square matrix vanishes at one, and points back to it from both sides.
func expectMinimum(
  of loss: @escaping (Tensor) -> Tensor, at optimum: Tensor, _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let slope = { (point: Tensor) in gradient(of: loss, at: point) }
  let atOptimum = evaluate(slope(optimum)).map(\.magnitude).max() ?? 1
  #expect(
    atOptimum < 1e-12, "\(name): gradient \(atOptimum)", sourceLocation: sourceLocation)
  let above = number(einsum("ab,ab->", slope(optimum * 1.1), optimum))
  let below = number(einsum("ab,ab->", slope(optimum * 0.9), optimum))
  #expect(
    above > 0 && below < 0, "\(name): \(below), \(above)", sourceLocation: sourceLocation)
}
