/// A search along a line for a step that meets the strong Wolfe conditions, as a machine that asks
/// for evaluations: it bounds a stretch that holds such a step, then narrows the stretch.
///
///     φ(α) ≤ φ(0) + c₁ α φ'(0) + slack,   |φ'(α)| ≤ c₂ |φ'(0)|
///
/// The slack is what rounding makes of φ: near a minimum the values of two points differ by less, and
/// the slopes alone decide, so that a small gradient can be reached although no fall can be seen.
///
/// Reference: Nocedal & Wright, "Numerical Optimization", 2nd ed., algorithms 3.5 and 3.6; the slack:
/// Hager & Zhang, SIAM Journal on Optimization 16 (2005), section 2.
struct WolfeSearch: Sendable, Hashable, Codable {
  /// A point of the line: the step, the value there and its slope along the line.
  struct Point: Sendable, Hashable, Codable {
    var step: Double
    var value: Double
    var slope: Double

    var isFinite: Bool { value.isFinite && slope.isFinite }
  }

  /// What is to be done after an evaluation.
  enum Verdict: Sendable, Hashable {
    /// The step meets the conditions.
    case accepted
    /// Evaluate at this step.
    case evaluate(Double)
    /// The stretch has shrunk to nothing, or too many evaluations were asked for.
    case exhausted
  }

  private enum Phase: Sendable, Hashable, Codable {
    /// Every point so far went down, and still does: the last one.
    case bounding(Point)
    /// A good step lies between the better end and the other.
    case narrowing(low: Point, high: Point)
  }

  /// c₁.
  static let sufficientDecrease = 1e-4
  /// c₂, as usual for quasi-Newton directions.
  static let curvature = 0.9
  /// Evaluations along one line; halving alone then narrows a stretch by 10⁻¹².
  static let evaluationLimit = 40

  private let start: Point
  private let slack: Double
  private var phase: Phase
  private var evaluations = 0

  /// A search from the point of step 0, where the slope is below 0.
  init(from start: Point, slack: Double) {
    self.start = start
    self.slack = slack
    phase = .bounding(start)
  }

  /// Takes the evaluation that was asked for, the first one at a step of the caller's choice.
  mutating func take(_ point: Point) -> Verdict {
    evaluations += 1
    let verdict =
      switch phase {
      case .bounding(let last): bound(point, after: last)
      case .narrowing(let low, let high): narrow(point, low, high)
      }
    guard case .evaluate = verdict, evaluations >= Self.evaluationLimit else { return verdict }
    return .exhausted
  }

  private mutating func bound(_ point: Point, after last: Point) -> Verdict {
    if !hasFallen(point) || (last.step > 0 && point.value > last.value + slack) {
      return narrow(between: last, and: point)
    }
    if point.slope.magnitude <= Self.curvature * start.slope.magnitude { return .accepted }
    if point.slope >= 0 { return narrow(between: point, and: last) }
    // The zero of the slope's secant, which is the minimum of a quadratic, at a sane distance.
    let secant =
      point.step + point.slope * (point.step - last.step) / (last.slope - point.slope)
    phase = .bounding(point)
    let (near, far) = (2 * point.step, 10 * point.step)
    return .evaluate(secant.isFinite && secant > point.step ? min(max(secant, near), far) : far)
  }

  private mutating func narrow(_ point: Point, _ low: Point, _ high: Point) -> Verdict {
    if !hasFallen(point) || point.value > low.value + slack {
      return narrow(between: low, and: point)
    }
    if point.slope.magnitude <= Self.curvature * start.slope.magnitude { return .accepted }
    return narrow(
      between: point, and: point.slope * (high.step - low.step) >= 0 ? low : high)
  }

  private mutating func narrow(between low: Point, and high: Point) -> Verdict {
    phase = .narrowing(low: low, high: high)
    let width = high.step - low.step
    guard width.magnitude > 0x1p-52 * max(low.step, high.step) else { return .exhausted }
    let guess = minimum(low, high)
    let fraction = guess.map { ($0 - low.step) / width } ?? 0.5
    return .evaluate(low.step + width * (fraction.isFinite ? min(max(fraction, 0.1), 0.9) : 0.5))
  }

  private func hasFallen(_ point: Point) -> Bool {
    point.isFinite
      && point.value <= start.value + Self.sufficientDecrease * point.step * start.slope + slack
  }

  /// Where the cubic with the values and slopes of two points is least; where rounding hides how the
  /// values differ, the zero of the slopes' secant; nil where there is neither.
  private func minimum(_ a: Point, _ b: Point) -> Double? {
    guard a.isFinite, b.isFinite else { return nil }
    if (a.value - b.value).magnitude <= slack {
      guard a.slope * b.slope < 0 else { return nil }
      return a.step + (b.step - a.step) * a.slope / (a.slope - b.slope)
    }
    let first = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step)
    let root = first * first - a.slope * b.slope
    guard root >= 0 else { return nil }
    let second = (b.step > a.step ? 1 : -1) * root.squareRoot()
    return b.step
      - (b.step - a.step) * (b.slope + second - first) / (b.slope - a.slope + 2 * second)
  }
}
