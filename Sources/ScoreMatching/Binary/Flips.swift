import Expressions

/// What it changes to flip each bit of a point, one at a time: the log odds of the point against its neighbours.
///
///     Fᵢ(x) = E(xⁱ) - E(x) = ln p(x) - ln p(xⁱ),   xⁱ = x but for bit i
///
/// All d neighbours are one stacked axis, x + δᵢ (1 - 2xᵢ): a product with a weight sees of it the point itself and
/// one row of the weight, so that a first layer costs what it costs at the point alone and d additions.
///
/// - Parameters:
///   - energy: acting on points, [..., d] → [...]; its constant does not matter.
///   - x: points of 0 and 1, [n, d].
/// - Returns: the log odds, [d, n].
/// - Complexity: one energy, and what follows its first layer d times.
public func flipLogOdds(of energy: EnergyFunction, at x: Tensor) -> Tensor {
  precondition(x.rank == 2, "flips: points need shape [n, d], found \(x.shape)")
  let (n, d) = (x.shape[0], x.shape[1])
  let delta = Tensor.delta(d).reshape([d, 1, d]).broadcast(to: [d, n, d])
  let flipped = x.broadcast(to: [d, n, d]) + delta * (1 - 2 * x).broadcast(to: [d, n, d])
  return energy(flipped) - energy(x)
}
