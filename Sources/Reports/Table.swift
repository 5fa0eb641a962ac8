import Planning
import Results

/// A table of a paper: one axis down, one across, a statistic of a metric in each cell.
public struct Table: Sendable, Equatable {
  /// One side of the table: its axes and the combinations of their values that occur.
  public struct Heading: Sendable, Equatable {
    /// The names of the axes: the one asked for, then those that the table would mix otherwise.
    ///
    /// None where the table has a single column.
    public let axes: [String]
    /// The combinations in the order of the plan, one value for each axis; nil, after all others, for
    /// the trials that the axis does not apply to.
    public let values: [[AxisValue?]]
    /// What stands in the heading for each combination.
    public let labels: [String]
  }

  /// How many trials ended in one way that is not completion.
  public struct Failure: Sendable, Equatable {
    /// How they ended.
    public let status: Status
    /// How many did.
    public let count: Int
  }

  /// What one cell says, and the trials behind it.
  public struct Cell: Sendable, Equatable {
    /// The metric's values in the completed trials.
    public let sample: Sample
    /// The other trials that ran, in the order of ``Results/Status``.
    public let failures: [Failure]
    /// How many trials of the cell have not run.
    public let waiting: Int
    /// The hyper-parameters selected for the cell; axes that do not apply have no value.
    public let selected: [AxisEntry]
    /// Whether the cell is as good as the best of those it is compared with, within what is written.
    public internal(set) var isBest = false
    /// The footnotes that belong to the cell, as indices into ``Table/footnotes``.
    public internal(set) var notes: [Int] = []
  }

  /// The table's name, for labels and file names.
  public let name: String
  /// The caption.
  public let title: String
  /// The metric's column in the results.
  public let value: String
  /// The metric's unit, "1" for a pure number; empty where trials have different ones.
  public let unit: String
  /// What the cells say of their samples.
  public let statistic: TableSpecification.Statistic
  /// Which end is marked as best; nil where nothing is.
  public let best: TableSpecification.Direction?
  /// The axis down.
  public let rows: Heading
  /// The axis across.
  public let columns: Heading
  /// The cells, by row and then by column.
  public internal(set) var cells: [[Cell]]
  /// The usual sample size, which footnotes tell exceptions from.
  public let usualCount: Int
  /// What was selected and how, a line each.
  public let remarks: [String]
  /// What is unusual about some cells, each text once, lettered from a in the order of the cells.
  public internal(set) var footnotes: [String] = []
}

extension Table {
  /// Whether cells are compared along their row rather than down their column.
  ///
  /// The methods compete: losses where they stand across the table, whatever stands down otherwise.
  var comparesAlongRows: Bool { columns.axes.first == "loss" && rows.axes.first != "loss" }

  /// The number that a cell's statistic puts first; nil where the sample is empty.
  func centre(of cell: Cell) -> Double? {
    statistic == .median ? cell.sample.median : cell.sample.mean
  }

  /// A cell's statistic with the digits that mean something; nil where the sample is empty.
  func estimate(of cell: Cell) -> Estimate? {
    guard let centre = centre(of: cell) else { return nil }
    let sample = cell.sample
    return switch statistic {
    case .meanAndDeviation: Estimate(centre, uncertainty: sample.deviation)
    case .meanAndError: Estimate(centre, uncertainty: sample.standardError)
    case .mean, .median: Estimate(centre, uncertainty: sample.deviation, isShown: false)
    }
  }

  /// What the cells say, in words: `fisher_divergence, mean±sd over 4 repeats`.
  public var legend: String {
    let measured = unit == "1" || unit.isEmpty ? value : "\(value) (\(unit))"
    return usualCount > 1
      ? "\(measured), \(statistic.rawValue) over \(usualCount) repeats"
      : "\(measured), one trial per cell"
  }

  /// What the mark of the best means, without the mark: `lowest in each column`; nil where none is.
  public var bestLegend: String? {
    guard let best, cells.joined().contains(where: \.isBest) else { return nil }
    return "\(best.rawValue) in each \(comparesAlongRows ? "row" : "column")"
  }

  /// The letters of a cell's footnotes: `a`, `a,b`.
  func noteLetters(of cell: Cell) -> String {
    cell.notes.map(Self.letter).joined(separator: ",")
  }

  /// The letter of a footnote: a to z, then aa and so on.
  static func letter(_ index: Int) -> String {
    let last = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
    return index < 26 ? last : letter(index / 26 - 1) + last
  }
}
