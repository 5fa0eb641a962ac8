import Expressions
import Randomness

/// Points of 0 and 1 with known probabilities.
public protocol BinaryData: Target {}

extension BinaryData {
  /// None: noise of a continuous law takes bits from where they are.
  public func smoothed(by sigma: Double) -> (any Target)? { nil }
}

/// A law over all states of some bits, from which states are drawn exactly.
struct StateTable: Sendable {
  /// ln Σ exp of what it was made from.
  let logNormaliser: Double
  private let units: Int
  private let cumulative: [Double]

  /// The law whose log probabilities are given up to a constant, for each state k that has bit i of k at
  /// coordinate i.
  ///
  /// - Complexity: 2^units.
  init(units: Int, _ logProbability: (_ state: Int) -> Double) {
    precondition(units <= BinaryStates.limit, "states: \(units) units are not enumerated")
    let logs = (0..<1 << units).map(logProbability)
    let highest = logs.max() ?? 0
    var total = 0.0
    cumulative = logs.map { log in
      total += Real.exp(log - highest)
      return total
    }
    logNormaliser = highest + Real.log(total)
    self.units = units
  }

  /// Independent states, row-major, [count, units].
  func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    let total = cumulative.last ?? 1
    return (0..<count).flatMap { _ in
      let place = generator.uniform() * total
      // The first state whose cumulative weight is above the place.
      var (low, high) = (0, cumulative.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] > place { high = middle } else { low = middle + 1 }
      }
      return (0..<units).map { Double(low >> $0 & 1) }
    }
  }
}
