/// A read-only matrix over memory that it does not own: element (r, c) lies at
/// `pointer[r * rowStride + c * columnStride]`.
///
/// Every transpose is a view: exchange the strides. A stride may be 0 (one row or one column
/// repeated). Strides count elements.
public struct MatrixView<Scalar> {
  /// The address of element (0, 0).
  public var pointer: UnsafePointer<Scalar>

  /// The distance from a row to the next, in elements.
  public var rowStride: Int

  /// The distance from a column to the next, in elements.
  public var columnStride: Int

  /// A view with the given strides; row-major with `columnStride` 1 unless said otherwise.
  @inlinable
  public init(_ pointer: UnsafePointer<Scalar>, rowStride: Int, columnStride: Int = 1) {
    self.pointer = pointer
    self.rowStride = rowStride
    self.columnStride = columnStride
  }

  /// The same memory with rows and columns exchanged.
  @inlinable
  public var transposed: MatrixView {
    MatrixView(pointer, rowStride: columnStride, columnStride: rowStride)
  }
}
