/// Numbers in rows and named columns.
public struct Table: Sendable, Hashable {
  /// The names of the columns, in order.
  public let columns: [String]
  /// The numbers, row-major.
  public let values: [Double]

  /// A table of these columns; `values` holds whole rows.
  public init(columns: [String], values: [Double]) {
    precondition(
      columns.isEmpty ? values.isEmpty : values.count % columns.count == 0,
      "table: \(values.count) numbers in \(columns.count) columns")
    self.columns = columns
    self.values = values
  }

  /// The number of rows.
  public var rowCount: Int { columns.isEmpty ? 0 : values.count / columns.count }

  /// The numbers of one column, from the first row on.
  public func column(_ index: Int) -> [Double] {
    stride(from: index, to: values.count, by: columns.count).map { values[$0] }
  }

  /// The table with these columns alone.
  func keeping(_ indices: [Int]) -> Table {
    Table(
      columns: indices.map { columns[$0] },
      values: (0..<rowCount).flatMap { row in indices.map { values[row * columns.count + $0] } })
  }

  /// The table without some columns.
  func dropping(_ dropped: DroppedColumns) throws(DataError) -> Table {
    dropped == DroppedColumns() ? self : keeping(try dropped.remaining(of: columns))
  }

  /// The mean of each column.
  var means: [Double] {
    columns.indices.map { index in column(index).reduce(0, +) / Double(rowCount) }
  }

  /// The variance of each column, divided by the number of rows: the diagonal of ``covariance``.
  var variances: [Double] {
    let (d, means) = (columns.count, means)
    var result = [Double](repeating: 0, count: d)
    for (index, value) in values.enumerated() {
      let centred = value - means[index % d]
      result[index % d] += centred * centred
    }
    return result.map { $0 / Double(rowCount) }
  }

  /// The covariance of the columns, divided by the number of rows; row-major.
  var covariance: [Double] {
    let (d, means) = (columns.count, means)
    var result = [Double](repeating: 0, count: d * d)
    for row in 0..<rowCount {
      for i in 0..<d {
        let centred = values[row * d + i] - means[i]
        for j in 0...i { result[i * d + j] += centred * (values[row * d + j] - means[j]) }
      }
    }
    for i in 0..<d {
      for j in 0...i {
        result[i * d + j] /= Double(rowCount)
        result[j * d + i] = result[i * d + j]
      }
    }
    return result
  }
}
