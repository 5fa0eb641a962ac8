import Randomness
import Settings

/// Data from a file: a table of numbers and how it is prepared.
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

  /// What kind of file it is.
  public enum Format: Sendable, Hashable {
    /// Text with one row a line and separated fields.
    case csv(separator: UInt8, hasHeader: Bool)
    /// An array saved by NumPy.
    case npy
    /// An array in the IDX format.
    case idx
    /// The dataset of this path in an HDF5 file.
    case hdf5(dataset: String)
  }

  /// The file's path as the experiment gives it.
  public let path: String
  /// What kind of file it is.
  public let format: Format
  private let dropped: DroppedColumns
  private let preparation: Preparation

  /// The data that the value of `data` describes.
  public init(_ settings: SettingValue) {
    path = settings.text("path")
    switch settings.text("type") {
    case "npy": format = .npy
    case "idx": format = .idx
    case "hdf5": format = .hdf5(dataset: settings.text("dataset"))
    default:
      format = .csv(
        separator: settings.text("separator").utf8.first ?? UInt8(ascii: ","),
        hasHeader: settings.boolean("header"))
    }
    let names = settings.has("drop_columns") ? settings.list("drop_columns") : []
    dropped = DroppedColumns(
      names: names.compactMap { name in
        if case .text(let text) = name { text } else { nil }
      },
      indices: settings.integers("drop_indices"))
    preparation = Preparation(settings)
  }

  /// The table in a file's bytes.
  ///
  /// - Throws: ``DataError``.
  /// - Precondition: the format is not HDF5, which this module cannot read.
  public func table(in bytes: [UInt8]) throws(DataError) -> Table {
    switch format {
    case .csv(let separator, let hasHeader):
      try parseCSV(bytes, separator: separator, header: hasHeader, dropping: dropped)
    case .npy: try parseNPY(bytes).dropping(dropped)
    case .idx: try parseIDX(bytes).dropping(dropped)
    case .hdf5: preconditionFailure("table: HDF5 files are read elsewhere")
    }
  }

  /// The table of an array that another module read, its columns called `0`, `1`, ….
  ///
  /// - Parameters:
  ///   - values: all elements, row-major.
  ///   - shape: the extents; the first axis runs over rows.
  /// - Throws: ``DataError``, as for an array in a file of its own.
  public func table(_ values: [Double], shape: [Int]) throws(DataError) -> Table {
    guard let rows = shape.first else { throw .unsupportedShape(shape) }
    guard !values.isEmpty else { throw .empty }
    let names = (0..<values.count / rows).map(String.init)
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(
        row: index / names.count, column: names[index % names.count], value: "\(values[index])")
    }
    return try Table(columns: names, values: values).dropping(dropped)
  }

  /// Prepares the rows.
  ///
  /// - Parameters:
  ///   - table: the file's, dropped columns left out.
  ///   - generator: draws dequantisation, order and noise, in this order.
  /// - Throws: ``DataError``.
  public func prepare(
    _ table: Table, using generator: inout RandomGenerator
  ) throws(DataError) -> Prepared {
    try preparation.apply(to: table, using: &generator)
  }
}

extension TableData {
  /// The kinds of files in an experiment file, and their settings.
  public static let declarations: [Variant] = [
    Variant(
      "csv", "a table from a file of separated values; no exact score",
      [
        path,
        Setting(
          "separator",
          .choice([
            Choice(",", "comma"), Choice(";", "semicolon"), Choice("\t", "tabulator"),
            Choice(" ", "one space"),
          ]), default: .text(","), "what stands between fields"),
        Setting(
          "header", .boolean, default: .boolean(true), "whether the first line names columns"),
        Setting(
          "drop_columns", .list(of: .text, count: 0...10_000), default: .list([]),
          "names of columns to leave out"),
        dropIndices,
      ] + Preparation.settings()),
    Variant(
      "npy", "an array saved by NumPy, rows along its first axis; no exact score",
      [path, dropIndices] + Preparation.settings()),
    Variant(
      "hdf5", "a dataset of an HDF5 file, rows along its first axis; no exact score",
      [
        path, Setting("dataset", .text, "the dataset's path inside the file: group/name"),
        dropIndices,
      ] + Preparation.settings()),
    Variant(
      "idx", "images in the IDX format, as MNIST's are, one a row; no exact score",
      [path, dropIndices]
        + Preparation.settings(dequantises: true, by: .levels, whitening: .none, noise: 0)),
  ]

  /// Whether the value of `data` names a file.
  static func describes(_ data: SettingValue) -> Bool {
    declarations.contains { .text($0.name) == data["type"] }
  }

  private static let path = Setting(
    "path", .text, "the file, beside the experiment or in the data folder; .gz is unpacked")

  private static let dropIndices = Setting(
    "drop_indices", .list(of: .integer(-10_000...10_000), count: 0...10_000),
    default: .list([]), "numbers of columns to leave out, from 0, or from -1 backwards")
}
