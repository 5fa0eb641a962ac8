import Settings

/// Which trial answers for each combination of a plan's axes.
public struct PlanCells: Sendable {
  /// The most combinations that are gone through; labelled cubes stop there too.
  public static let limit = 1 << 24

  private let shape: [Int]
  private let trials: [Int32]

  /// Goes through all combinations of a plan; nil where there are more than ``limit``.
  ///
  /// - Complexity: the number of combinations.
  public init?(_ plan: Plan) {
    shape = plan.axes.map(\.values.count)
    guard let count = Expander.product(shape), count <= Self.limit else { return nil }
    var trials = [Int32](repeating: -1, count: count)
    for (index, trial) in plan.trials.enumerated() {
      Self.fill(&trials, shape, trial.axisIndices, with: Int32(index))
    }
    for other in plan.others {
      Self.fill(&trials, shape, other.axisIndices, with: Int32(other.trial))
    }
    self.trials = trials
  }

  /// The trial that covers one combination of axis values.
  ///
  /// A trial covers every value of an axis that does not apply to it.
  ///
  /// - Parameter indices: the index into each axis's values, aligned with ``Plan/axes``.
  /// - Returns: an index into ``Plan/trials``, nil where no grid names the combination or it is excluded.
  public func trial(at indices: [Int]) -> Int? {
    precondition(indices.count == shape.count, "\(shape.count) indices are needed: \(indices)")
    var offset = 0
    for (count, index) in zip(shape, indices) {
      precondition((0..<count).contains(index), "an axis of \(count) values has none at \(index)")
      offset = offset * count + index
    }
    return trials[offset] < 0 ? nil : Int(trials[offset])
  }

  private static func fill(
    _ cells: inout [Int32], _ shape: [Int], _ indices: [Int?], with trial: Int32
  ) {
    var offsets = [0]
    for (count, index) in zip(shape, indices) {
      offsets =
        index.map { index in offsets.map { $0 * count + index } }
        ?? offsets.flatMap { offset in (0..<count).map { offset * count + $0 } }
    }
    for offset in offsets where cells[offset] < 0 { cells[offset] = trial }
  }
}
