import Foundation
import Results

/// A small network with random weights and the metric that it has, computed here in the plainest
/// way: what the test outside Swift must find again from the file alone.
struct ReferenceNetwork {
  enum Activation: String, CaseIterable {
    case softplus, tanh, silu, elu
  }

  let dimension: Int
  let isEnergy: Bool
  let activation: Activation
  let hasSkip: Bool
  let hidden = [5, 4]
  let parameters: [NamedArray]

  init(dimension: Int, isEnergy: Bool, activation: Activation, hasSkip: Bool, seed: Double) {
    self.dimension = dimension
    self.isEnergy = isEnergy
    self.activation = activation
    self.hasSkip = hasSkip
    let widths = [dimension] + hidden + [isEnergy ? 1 : dimension]
    var parameters: [NamedArray] = []
    for layer in 0..<3 {
      let shape = [widths[layer], widths[layer + 1]]
      let number = seed + 100 * Double(layer)
      parameters.append(.floats("layer\(layer).weight", shape, seed: number))
      parameters.append(.floats("layer\(layer).bias", [shape[1]], seed: number + 50))
    }
    if hasSkip {
      parameters.append(.floats("skip.weight", [dimension, widths[3]], seed: seed + 7))
    }
    self.parameters = parameters
  }

  var architecture: String {
    let widths = [dimension] + hidden + [isEnergy ? 1 : dimension]
    return (isEnergy ? "energy" : "score") + "-mlp-"
      + widths.map(String.init).joined(separator: "-") + "-\(activation.rawValue)"
      + (hasSkip ? "-skip" : "")
  }

  var attributes: [Attribute] {
    [
      Attribute("activation", .text(activation.rawValue)), Attribute("hidden", .integers(hidden)),
      Attribute("skip", .boolean(hasSkip)), Attribute("dimension", .integer(dimension)),
    ]
  }

  /// The mean over rows of tr ∇s + ½‖s‖².
  func implicitScoreMatching(_ rows: [[Double]]) -> Double {
    let terms = rows.map { row in
      (0..<dimension).reduce(0.0) { sum, axis in
        let output = forward(
          row.enumerated().map { Taylor($0.element, $0.offset == axis ? 1 : 0, 0) })
        let (score, derivative) =
          isEnergy
          ? (-output[0].first, -output[0].second) : (output[axis].value, output[axis].first)
        return sum + derivative + score * score / 2
      }
    }
    return terms.reduce(0, +) / Double(rows.count)
  }

  private func forward(_ x: [Taylor]) -> [Taylor] {
    var h = x
    for layer in 0..<3 {
      h = affine(h, "layer\(layer).weight", "layer\(layer).bias")
      if layer < 2 { h = h.map { $0.applying(activation) } }
    }
    if hasSkip {
      h = zip(h, affine(x, "skip.weight", nil)).map { $0 + $1 }
    }
    return h
  }

  private func affine(_ x: [Taylor], _ weight: String, _ bias: String?) -> [Taylor] {
    let w = values(weight)
    let b = bias.map(values)
    let width = w.count / x.count
    return (0..<width).map { column in
      var sum = Taylor(b?[column] ?? 0, 0, 0)
      for (row, x) in x.enumerated() {
        sum = sum + x.scaled(by: w[row * width + column])
      }
      return sum
    }
  }

  private func values(_ name: String) -> [Double] {
    guard case .float32(let values) = parameters.first(where: { $0.name == name })?.values else {
      return []
    }
    return values.map(Double.init)
  }
}

/// A value with its first and second derivative along one direction.
private struct Taylor {
  var value, first, second: Double

  init(_ value: Double, _ first: Double, _ second: Double) {
    (self.value, self.first, self.second) = (value, first, second)
  }

  static func + (a: Taylor, b: Taylor) -> Taylor {
    Taylor(a.value + b.value, a.first + b.first, a.second + b.second)
  }

  func scaled(by factor: Double) -> Taylor {
    Taylor(factor * value, factor * first, factor * second)
  }

  func applying(_ activation: ReferenceNetwork.Activation) -> Taylor {
    let x = value
    let sigmoid = 1 / (1 + exp(-x))
    let slope = sigmoid * (1 - sigmoid)
    let (f, f1, f2): (Double, Double, Double) =
      switch activation {
      case .softplus: (log1p(exp(x)), sigmoid, slope)
      case .tanh: (tanh(x), 1 - tanh(x) * tanh(x), -2 * tanh(x) * (1 - tanh(x) * tanh(x)))
      case .silu: (x * sigmoid, sigmoid + x * slope, 2 * slope + x * slope * (1 - 2 * sigmoid))
      case .elu: x > 0 ? (x, 1, 0) : (expm1(x), exp(x), exp(x))
      }
    return Taylor(f, f1 * first, f2 * first * first + f1 * second)
  }
}
