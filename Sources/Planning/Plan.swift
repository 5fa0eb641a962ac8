import Settings

/// The trials of an experiment, in order, and how its grids came down to them.
public struct Plan: Sendable {
  /// The file that was planned.
  public let experiment: Experiment
  /// What varies, in the order of the file; the last axis, `repeat`, varies fastest.
  public let axes: [Axis]
  /// The trials, in the order of the file: grid by grid.
  public let trials: [Trial]
  /// The counts of each grid: the one at the top, then those under `also`.
  public let grids: [PlannedGrid]
  /// The tables asked for; those that the command line's changes spoilt are in ``omittedTables``.
  public internal(set) var tables: [TableSpecification]
  /// Tables that the changed experiment cannot have, with the reason.
  public internal(set) var omittedTables: [(name: String, reason: String)] = []
  /// The metrics that not all trials have.
  public internal(set) var partialMetrics: [PartialMetric] = []
  /// SHA-256 over the trials' ids in order, 64 hexadecimal digits.
  public let digest: String
  /// Combinations that say the same as a trial before them: its index, and theirs on each axis.
  let others: [(trial: Int, axisIndices: [Int?])]

  /// How many combinations the grids name, those that rules add included.
  public var combinationCount: Int { grids.map(\.combinationCount).reduce(0, +) }
  /// Why the combinations are more than the trials, and by how much each time.
  public var reductions: [Reduction] { grids.flatMap(\.reductions) }
}

/// How one grid of an experiment came down to its trials.
public struct PlannedGrid: Sendable {
  /// The name that the file gives, "also[0]" where it gives none; empty for the grid at the top.
  public let name: String
  /// The factors of the grid: axes and zips, those of rules with what they are for.
  public let factors: [Factor]
  /// The product of the factors outside of rules.
  public let productCount: Int
  /// The product with what rules add.
  public let combinationCount: Int
  /// Why the combinations are more than the trials.
  public let reductions: [Reduction]
  /// How many trials the grid adds to the plan.
  public let trialCount: Int

  /// What varies as one: an axis, or the axes of a zip.
  public struct Factor: Sendable {
    /// The axis, or the name of the zip.
    public let name: String
    /// The axes with their values, row by row.
    public let axes: [Axis]
    /// How many distinct rows there are.
    public let count: Int
    /// The condition of the rule that brings it, in words; nil where it always holds.
    public let condition: String?
    /// Whether it is a zip.
    public let isZip: Bool
  }
}
