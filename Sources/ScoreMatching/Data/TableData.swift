import Randomness
import Settings

/// Data from a file of separated values, prepared as the papers of sliced score matching do it.
///
/// In this order: columns are dropped; rounded ones dequantised; correlated ones removed; the rows
/// shuffled; cut into training, validation and test rows, the test rows last; whitened; and normal
/// noise is added to all three parts.
///
/// Reference: Song, Garg, Shi & Ermon, UAI 2019, section 5.1, which follows Wenliang, Sutherland,
/// Strathmann & Gretton, ICML 2019.
public struct TableData: Sendable, Hashable {
  /// Rows to learn from, to choose by and to report on, and how they came about.
  public struct Prepared: Sendable, Hashable {
    /// The number of coordinates, d.
    public let dimension: Int
    /// The columns that were kept, in the file's order.
    public let columns: [String]
    /// The map from the kept columns to the coordinates.
    public let whitening: Whitening
    /// Rows to learn from, row-major.
    public let train: [Double]
    /// Rows to choose settings by.
    public let validation: [Double]
    /// Rows to report metrics on.
    public let test: [Double]
  }

  /// The file's path as the experiment gives it.
  public let path: String
  let separator: UInt8
  let hasHeader: Bool
  let dropped: DroppedColumns
  let dequantises: Bool
  let correlationLimit: Double?
  let whitening: Whitening.Method
  let whitensByTrainingRows: Bool
  let noiseScale: Double
  let heldOutFraction: Double
  let heldOutLimit: Int

  /// The data that the value of `data` describes.
  public init(_ settings: SettingValue) {
    path = settings.text("path")
    separator = settings.text("separator").utf8.first ?? UInt8(ascii: ",")
    hasHeader = settings.boolean("header")
    dropped = DroppedColumns(
      names: settings.list("drop_columns").compactMap { name in
        if case .text(let text) = name { text } else { nil }
      },
      indices: settings.integers("drop_indices"))
    dequantises = settings.boolean("dequantise")
    correlationLimit = settings.has("max_correlation") ? settings.real("max_correlation") : nil
    whitening = Whitening.Method(rawValue: settings.text("whiten")) ?? .pca
    whitensByTrainingRows = settings.text("statistics") == "train"
    noiseScale = settings.real("noise")
    heldOutFraction = settings.real("held_out_fraction")
    heldOutLimit = settings.integer("held_out_limit")
  }

  /// Reads and prepares the rows.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - generator: draws dequantisation, order and noise, in this order.
  /// - Throws: ``DataError``.
  public func prepare(
    _ bytes: [UInt8], using generator: inout RandomGenerator
  ) throws(DataError) -> Prepared {
    var table = try parseCSV(bytes, separator: separator, header: hasHeader, dropping: dropped)
    _ = try table.checkedCovariance()
    if dequantises { table = table.dequantised(using: &generator) }
    if let correlationLimit { table = try table.withoutCorrelations(above: correlationLimit) }
    let parts = try split(table.shuffled(using: &generator))
    let map = try Whitening(whitening, of: whitensByTrainingRows ? parts.train : table)
    return Prepared(
      dimension: table.columns.count, columns: table.columns, whitening: map,
      train: noisy(map.apply(parts.train.values), &generator),
      validation: noisy(map.apply(parts.validation.values), &generator),
      test: noisy(map.apply(parts.test.values), &generator))
  }

  /// The last rows are for testing, those before them for validation, the others for training.
  private func split(
    _ table: Table
  ) throws(DataError) -> (train: Table, validation: Table, test: Table) {
    let count = table.rowCount
    let test = min(heldOutLimit, share(of: count))
    let validation = min(heldOutLimit, share(of: count - test))
    let train = count - test - validation
    guard test > 0, validation > 0, train > 1 else {
      throw .tooFewRows(count, needed: Int((2 / heldOutFraction).rounded(.up)))
    }
    return (
      table.rows(0..<train), table.rows(train..<train + validation),
      table.rows(train + validation..<count)
    )
  }

  /// The held-out fraction of a count, rounded down; a fraction such as 0.29 of 100 is 29 all the
  /// same.
  private func share(of count: Int) -> Int { Int(Double(count) * heldOutFraction + 1e-9) }

  private func noisy(_ values: [Double], _ generator: inout RandomGenerator) -> [Double] {
    noiseScale == 0 ? values : values.map { $0 + noiseScale * generator.normal() }
  }
}

extension TableData {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "csv", "a table from a file of separated values; no exact score",
    [
      Setting("path", .text, "the file, beside the experiment or in the data folder"),
      Setting(
        "separator",
        .choice([
          Choice(",", "comma"), Choice(";", "semicolon"), Choice("\t", "tabulator"),
          Choice(" ", "one space"),
        ]), default: .text(","), "what stands between fields"),
      Setting("header", .boolean, default: .boolean(true), "whether the first line names columns"),
      Setting(
        "drop_columns", .list(of: .text, count: 0...10_000), default: .list([]),
        "names of columns to leave out"),
      Setting(
        "drop_indices", .list(of: .integer(-10_000...10_000), count: 0...10_000),
        default: .list([]), "numbers of columns to leave out, from 0, or from -1 backwards"),
      Setting(
        "dequantise", .boolean, default: .boolean(false),
        "add uniform noise of the median gap between a column's distinct values"),
      Setting(
        "max_correlation", .optional(.real(.unitInterval)), default: .null,
        "leave columns out until no two correlate above this"),
      Setting(
        "whiten",
        .choice([
          Choice("pca", "principal components of variance 1"),
          Choice("standardize", "each column with mean 0 and variance 1"),
          Choice("none", "as they are"),
        ]), default: .text("pca"), "how columns are brought to a common scale"),
      Setting(
        "statistics",
        .choice([
          Choice("all", "all rows, as in the published protocol"),
          Choice("train", "training rows alone, so that nothing of the test rows is seen"),
        ]), default: .text("all"), "the rows that whitening is computed from"),
      Setting(
        "noise", .real(.nonNegative), default: .number(0.05), unit: "data units",
        "standard deviation of noise added to all rows after whitening"),
      Setting(
        "held_out_fraction",
        .real(RealRange(from: 0, to: 0.5, includesLower: false)), default: .number(0.1),
        "fraction of the rows for testing, and of the others for validation"),
      Setting(
        "held_out_limit", .integer(1...100_000_000), default: .number(1000), unit: "rows",
        "rows for testing, and for validation, at most"),
    ])
}
