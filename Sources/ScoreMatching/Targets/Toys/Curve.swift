import Randomness

/// A curve in the plane and how probability lies on it: t over a range, with a density in t.
struct Curve: Sendable {
  let range: ClosedRange<Double>
  /// Whether the curve ends where it began, smoothly.
  let isClosed: Bool
  /// The point at t.
  let point: @Sendable (Double) -> (x: Double, y: Double)
  /// The density in t up to a factor, at most 1.
  let density: @Sendable (Double) -> Double

  init(
    _ range: ClosedRange<Double>, isClosed: Bool = false,
    density: @escaping @Sendable (Double) -> Double = { _ in 1 },
    point: @escaping @Sendable (Double) -> (x: Double, y: Double)
  ) {
    self.range = range
    self.isClosed = isClosed
    self.density = density
    self.point = point
  }

  /// A draw of t, by rejection from the uniform law.
  func sample(using generator: inout RandomGenerator) -> Double {
    while true {
      let t = range.lowerBound + (range.upperBound - range.lowerBound) * generator.uniform()
      if generator.uniform() <= density(t) { return t }
    }
  }

  /// Points and weights of sum 1 that stand for the curve where it is seen through N(0, tau² I).
  ///
  /// Closed curves: equal steps of at most tau/4 (the trapezoidal rule, which converges
  /// exponentially). Open ones: panels of arc length tau with ten Gauss-Legendre nodes each, which
  /// integrates a normal of that width to about 1e-14 even six tau beyond an end.
  ///
  /// - Parameter refinement: how many times more steps or panels, to measure the error.
  func quadrature(tau: Double, refinement: Int = 1) -> (nodes: [Double], weights: [Double]) {
    let rule = isClosed ? equalSteps(tau / 4, refinement) : panels(tau, refinement)
    let weights = rule.map { density($0.t) * $0.weight }
    let total = weights.reduce(0, +)
    let nodes = rule.flatMap { node -> [Double] in
      let (x, y) = point(node.t)
      return [x, y]
    }
    return (nodes, weights.map { $0 / total })
  }

  private func equalSteps(_ step: Double, _ refinement: Int) -> [(t: Double, weight: Double)] {
    let length = arcLengths.last ?? 0
    let count = max(32, Int((length / step).rounded(.up))) * refinement
    let width = (range.upperBound - range.lowerBound) / Double(count)
    return (0..<count).map { (range.lowerBound + (Double($0) + 0.5) * width, width) }
  }

  private func panels(_ length: Double, _ refinement: Int) -> [(t: Double, weight: Double)] {
    let arcLengths = self.arcLengths
    let total = arcLengths.last ?? 0
    let count = max(4, Int((total / length).rounded(.up))) * refinement
    let rule = GaussLegendre(10)
    // Cut at nearly equal arc lengths; inside a panel the integral runs over t.
    let cuts = (0...count).map {
      parameter(atLength: total * Double($0) / Double(count), arcLengths)
    }
    return zip(cuts, cuts.dropFirst()).flatMap { lower, upper in
      zip(rule.nodes, rule.weights).map { (lower + (upper - lower) * $0, (upper - lower) * $1) }
    }
  }

  /// The length of the arc.
  var length: Double { arcLengths.last ?? 0 }

  private static let chordCount = 2000

  /// The lengths of the chords from the start on, one more than there are chords.
  private var arcLengths: [Double] {
    var lengths = [0.0]
    var last = point(range.lowerBound)
    for index in 1...Self.chordCount {
      let next = point(parameter(Double(index)))
      let (dx, dy) = (next.x - last.x, next.y - last.y)
      lengths.append(lengths[index - 1] + (dx * dx + dy * dy).squareRoot())
      last = next
    }
    return lengths
  }

  private func parameter(_ chord: Double) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * chord / Double(Self.chordCount)
  }

  private func parameter(atLength length: Double, _ lengths: [Double]) -> Double {
    let above = min(lengths.firstIndex(above: length), Self.chordCount)
    guard above > 0, lengths[above] > length else { return parameter(Double(above)) }
    let fraction = (length - lengths[above - 1]) / (lengths[above] - lengths[above - 1])
    return parameter(Double(above - 1) + fraction)
  }
}
