import Expressions
import Kernels

/// A data set in memory: immutable rows that any number of arenas read.
public final class RowData<Scalar: ProgramScalar>: Sendable {
  /// Rows.
  public let rowCount: Int
  /// Numbers in a row.
  public let columns: Int
  let buffer: AlignedBuffer<Scalar>

  /// Copies `values`, row-major, rounding each to the scalar type.
  public init(_ values: [Double], columns: Int) throws(KernelError) {
    require(
      columns > 0 ? values.count % columns == 0 : values.isEmpty,
      "row data: \(values.count) values in rows of \(columns)")
    self.columns = columns
    rowCount = columns == 0 ? 0 : values.count / columns
    buffer = try AlignedBuffer(count: max(values.count, 1))
    values.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      Scalar.convert(source, into: buffer.pointer, count: values.count)
    }
  }
}
