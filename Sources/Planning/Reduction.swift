/// Combinations of a grid that are no trials of their own, and why.
///
/// The combinations of a grid are its trials and all its reductions' counts together.
public struct Reduction: Sendable, Hashable {
  /// What removed the combinations.
  public enum Kind: Sendable, Hashable {
    /// An axis does not apply: combinations that differ in it only are one trial.
    case doesNotApply(axis: String)
    /// An axis, or a zip, lists or generates a value more than once.
    case repeatedValue(axis: String)
    /// Combinations say the same trial in different words.
    case duplicate
    /// An `exclude` of the file, counted from 0; those of sub-grids after those of the whole.
    case excluded(Int)
    /// The command line asks for other trials only.
    case unselected
    /// A grid before it in the file has the trial.
    case known
  }

  /// What removed the combinations.
  public let kind: Kind
  /// A clause for people: "sigma applies only to loss dsm".
  public let reason: String
  /// How many combinations are gone.
  public let count: Int
  /// The sub-grid: its name, "also[0]" where it has none; empty for the grid at the top.
  public let grid: String

  /// A reduction as the planner found it.
  init(_ kind: Kind, reason: String, count: Int, in grid: String = "") {
    self.kind = kind
    self.reason = reason
    self.count = count
    self.grid = grid
  }
}
