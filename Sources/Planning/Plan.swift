import Settings

/// The trials of an experiment, in order, and how the grid came down to them.
public struct Plan: Sendable {
  /// The file that was planned.
  public let experiment: Experiment
  /// What varies, in the order of the file; the last axis, `repeat`, varies fastest.
  public let axes: [Axis]
  /// The trials, in the order of the grid.
  public let trials: [Trial]
  /// Why the product of the axes is more than the trials, and by how much each time.
  public let reductions: [Reduction]
  /// The product of the axes: how many combinations the grid names.
  public let combinationCount: Int
  /// SHA-256 over the trials' ids in order, 64 hexadecimal digits.
  public let digest: String
  /// The trial of each combination in row-major order over the axes; -1 where there is none.
  let cells: [Int32]

  /// The trial that covers one combination of axis values.
  ///
  /// A trial covers every value of an axis that does not apply to it.
  ///
  /// - Parameter indices: the index into each axis's values, aligned with ``axes``.
  /// - Returns: an index into ``trials``, nil where the combination was excluded.
  public func cell(of indices: [Int]) -> Int? {
    precondition(indices.count == axes.count, "\(axes.count) indices are needed: \(indices)")
    var offset = 0
    for (axis, index) in zip(axes, indices) {
      precondition(axis.values.indices.contains(index), "\(axis.name) has no value \(index)")
      offset = offset * axis.values.count + index
    }
    let trial = cells[offset]
    return trial < 0 ? nil : Int(trial)
  }
}
