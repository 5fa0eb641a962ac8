/// Combinations of the grid that are no trials of their own, and why.
///
/// The product of the axes is the number of trials and all reductions' counts together.
public struct Reduction: Sendable, Hashable {
  /// What removed the combinations.
  public enum Kind: Sendable, Hashable {
    /// An axis does not apply: combinations that differ in it only are one trial.
    case doesNotApply(axis: String)
    /// An axis lists or generates a value more than once.
    case repeatedValue(axis: String)
    /// Combinations say the same trial in different words.
    case duplicate
    /// An `exclude` of the file, counted from 0.
    case excluded(Int)
  }

  /// What removed the combinations.
  public let kind: Kind
  /// A clause for people: "sigma applies only to loss dsm".
  public let reason: String
  /// How many combinations are gone.
  public let count: Int

  /// A reduction as the planner found it.
  init(_ kind: Kind, reason: String, count: Int) {
    self.kind = kind
    self.reason = reason
    self.count = count
  }
}
