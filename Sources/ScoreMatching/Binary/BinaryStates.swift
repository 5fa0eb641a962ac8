import Expressions

/// All points of 0 and 1 in so many coordinates.
public enum BinaryStates {
  /// The most units whose states are enumerated: about a million of them.
  public static let limit = 20

  /// All states, [2^count, count]: state k has bit i of k at coordinate i.
  ///
  /// - Complexity: 2^count · count numbers, and as many copies.
  public static func all(_ count: Int) -> Tensor {
    precondition(
      (1...limit).contains(count), "states: \(count) units are not enumerated, 1 to \(limit) are")
    return (1..<max(count, 1)).reduce(.literal([0, 1], [2, 1])) { states, _ in
      let column: Shape = [states.shape[0], 1]
      return concatenate(
        [
          concatenate([states, .zeros(column)], axis: 1),
          concatenate([states, .ones(column)], axis: 1),
        ], axis: 0)
    }
  }

  /// ln Σₓ exp(-E(x)) over all states, a scalar.
  ///
  /// - Complexity: 2^count energies.
  public static func logNormaliser(of energy: EnergyFunction, units count: Int) -> Tensor {
    logSumExp(-energy(all(count)))
  }
}
