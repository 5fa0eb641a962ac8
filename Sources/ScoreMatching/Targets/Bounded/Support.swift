import Expressions
import Settings

/// Where a density lives: every coordinate between the same two bounds, either of which may be absent.
public struct Support: Sendable, Hashable {
  /// The lower bound, -∞ where there is none.
  public let lower: Double
  /// The upper bound, ∞ where there is none.
  public let upper: Double

  /// The points whose coordinates are all between two bounds.
  public init(lower: Double = -.infinity, upper: Double = .infinity) {
    precondition(lower < upper, "support: no numbers between \(lower) and \(upper)")
    self.lower = lower
    self.upper = upper
  }

  /// The bounds that the members `lower` and `upper` of a value say, null for none; nil where nothing
  /// lies between them.
  public init?(_ settings: SettingValue) {
    let lower = settings.has("lower") ? settings.real("lower") : -.infinity
    let upper = settings.has("upper") ? settings.real("upper") : .infinity
    guard lower < upper else { return nil }
    self.init(lower: lower, upper: upper)
  }

  /// The whole space.
  public static let everywhere = Support()
  /// All coordinates 0 or more.
  public static let nonNegative = Support(lower: 0)

  /// Whether there is a bound at all.
  public var isBounded: Bool { lower.isFinite || upper.isFinite }

  /// Whether a coordinate is inside, the bounds included.
  public func contains(_ x: Double) -> Bool { lower <= x && x <= upper }

  /// How far each coordinate is from the nearest bound, [..., d] → [..., d]; negative outside.
  public func distance(_ x: Tensor) -> Tensor {
    precondition(isBounded, "support: the whole space has no boundary to be distant from")
    if !upper.isFinite { return x - .fill(lower) }
    if !lower.isFinite { return .fill(upper) - x }
    return minimum(x - .fill(lower), .fill(upper) - x)
  }

  /// 0 at points inside and -∞ elsewhere, [..., d] → [...]: what a log density adds.
  func logIndicator(_ x: Tensor) -> Tensor {
    var outside = Tensor.zeros(x.shape)
    if lower.isFinite { outside = select(less(x, .fill(lower)), .fill(-.infinity), outside) }
    if upper.isFinite { outside = select(less(.fill(upper), x), .fill(-.infinity), outside) }
    return sum(outside, axes: [-1])
  }
}
