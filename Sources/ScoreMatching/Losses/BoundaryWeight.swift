import Expressions
import Settings

/// How the generalised loss weighs the coordinates of a point by their distances from the boundary.
///
/// Each is a field h ≥ 0 of the points, 0 where a coordinate is at its bound; x stands for the distance
/// of a coordinate from its nearest bound, which on the half-line is the coordinate itself.
public enum BoundaryWeight: Sendable, Hashable {
  /// hᵢ = xᵢ.
  case distance
  /// hᵢ = min(xᵢ, c).
  case capped(Double)
  /// hᵢ = ln(1 + xᵢ).
  case logarithm
  /// hᵢ = xᵢ², the weight of score matching for non-negative data (Hyvärinen 2007).
  case square
  /// hᵢ = minⱼ xⱼ for all i: the distance of the point from the boundary (Liu, Kanamori & Williams).
  case nearest

  /// The weight that its settings describe.
  public init(_ settings: SettingValue) {
    switch settings.text("type") {
    case "x": self = .distance
    case "min(x,c)": self = .capped(settings.real("cap"))
    case "log(1+x)": self = .logarithm
    case "x^2": self = .square
    case "min_i x_i": self = .nearest
    case let type: preconditionFailure("boundary_weight: \(type) is not declared")
    }
  }

  /// h at points, [..., d] → [..., d].
  public func callAsFunction(_ x: Tensor, on support: Support) -> Tensor {
    let distance = support.distance(x)
    switch self {
    case .distance: return distance
    case .capped(let cap): return minimum(distance, .fill(cap))
    case .logarithm: return log(onePlus: distance)
    case .square: return Expressions.square(distance)
    case .nearest:
      let coordinates = (0..<x.shape[x.rank - 1]).map { distance.slice(axis: -1, $0..<$0 + 1) }
      let least = coordinates.dropFirst().reduce(coordinates[0], minimum)
      return least.broadcast(to: x.shape)
    }
  }

  /// The power of the data's unit that h has; of ln(1 + x) none, since x counts there as a number.
  var unitPower: Int {
    switch self {
    case .distance, .capped, .nearest: 1
    case .logarithm: 0
    case .square: 2
    }
  }

  static let setting = Setting(
    "boundary_weight",
    .variant([
      Variant("x", "the distance of a coordinate from its nearest bound"),
      Variant(
        "min(x,c)", "that distance, at most a cap",
        [
          Setting(
            "cap", .real(.positive), default: .number(1), unit: "data units",
            "the distance from which on all points weigh the same")
        ]),
      Variant("log(1+x)", "the logarithm of 1 plus that distance"),
      Variant("x^2", "the square of that distance, Hyvarinen's choice for non-negative data"),
      Variant(
        "min_i x_i", "one weight for all coordinates: the point's distance from the boundary"),
    ]), default: .object(["type": .text("x")]),
    "how a coordinate is weighed by its distance x from the boundary")
}
