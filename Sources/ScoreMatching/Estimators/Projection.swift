import Expressions
import Settings

/// The law of random directions v.
///
/// E[v vᵀ] = I for every law but ``unitSphere``, for which it is I/d: a loss along such directions
/// is 1/d of the others', with the same minimiser.
public enum Projection: String, Sendable, Hashable, CaseIterable {
  /// Independent signs, -1 or 1.
  case rademacher
  /// Standard normal.
  case gaussian
  /// Uniform on the sphere of radius √d.
  case sphere
  /// Uniform on the sphere of radius 1, E[v vᵀ] = I/d.
  case unitSphere = "unit-sphere"

  /// Directions for each row and slice, drawn anew at each step.
  ///
  /// - Parameters:
  ///   - rows: the number of data rows, n.
  ///   - dimension: the number of coordinates, d.
  ///   - slices: the number of directions per row, M.
  ///   - stream: the name of the stream they are drawn from.
  /// - Returns: [M, n, d]; the row axis is axis 1.
  public func draw(rows: Int, dimension: Int, slices: Int, stream: String) -> Tensor {
    let law: RandomLeaf.Law = self == .rademacher ? .rademacher : .normal
    let leaf = Tensor.random(law, stream: stream, [slices, rows, dimension], rowAxis: 1)
    return shaped(leaf, dimension: dimension)
  }

  /// Directions made of standard normal draws (or signs, for ``rademacher``), [..., d] → [..., d].
  func shaped(_ leaf: Tensor, dimension: Int) -> Tensor {
    switch self {
    case .rademacher, .gaussian: leaf
    case .sphere: unit(leaf) * .fill(Double(dimension).squareRoot())
    case .unitSphere: unit(leaf)
    }
  }

  private func unit(_ x: Tensor) -> Tensor {
    x / squareRoot(dot(x, x)).expanded(at: x.rank - 1)
  }

  static let choices = [
    Choice("rademacher", "independent signs; the lowest variance for a diagonal Jacobian"),
    Choice("gaussian", "standard normal"),
    Choice("sphere", "uniform on the sphere of radius sqrt(d)"),
    Choice("unit-sphere", "uniform on the unit sphere: the loss is 1/d of the other laws'"),
  ]
}
