/// A table that the experiment asks for: one axis or setting down, another one across where it has columns,
/// a statistic of a metric in each cell.
public struct TableSpecification: Sendable, Equatable {
  /// What a cell says of the trials it covers.
  public enum Statistic: String, Sendable, Equatable, CaseIterable {
    /// The mean and the standard deviation.
    case meanAndDeviation = "mean±sd"
    /// The mean and its standard error.
    case meanAndError = "mean±se"
    /// The mean.
    case mean = "mean"
    /// The median.
    case median = "median"
  }

  /// Which end of a metric is the good one.
  public enum Direction: String, Sendable, Equatable, CaseIterable {
    /// The lowest value is best.
    case lowest
    /// The highest value is best.
    case highest
  }

  /// Hyper-parameters picked by a metric before the cells aggregate over repeats.
  public struct Selection: Sendable, Equatable {
    /// The axes whose best value is taken.
    public let over: [String]
    /// The metric that decides, measured on validation data.
    public let by: String
    /// Which end of that metric is best.
    public let best: Direction

    /// A selection over some axes by a metric.
    public init(over: [String], by: String, best: Direction = .lowest) {
      self.over = over
      self.by = by
      self.best = best
    }
  }

  /// The table's name, unique in the experiment.
  public let name: String
  /// The caption; the name where the file gives none.
  public let title: String
  /// The axis or setting that runs down.
  public let rows: String
  /// The axis or setting that runs across; nil for a single column.
  public let columns: String?
  /// The metric or recorded quantity in the cells.
  public let value: String
  /// What a cell says.
  public let statistic: Statistic
  /// The hyper-parameters to select, if any.
  public let select: Selection?
  /// Which end is marked as best; nil where nothing is marked.
  public let best: Direction?
  /// The trials that the table is about: all conditions hold. Empty for all.
  public let conditions: [Condition]

  /// What runs down and what runs across.
  public var sides: [String] { [rows] + (columns.map { [$0] } ?? []) }

  /// A table; what is left out has the default that an experiment file has.
  public init(
    name: String, title: String? = nil, rows: String, columns: String?, value: String,
    statistic: Statistic = .meanAndDeviation, select: Selection? = nil, best: Direction? = nil,
    conditions: [Condition] = []
  ) {
    self.name = name
    self.title = title ?? name
    self.rows = rows
    self.columns = columns
    self.value = value
    self.statistic = statistic
    self.select = select
    self.best = best
    self.conditions = conditions
  }
}
