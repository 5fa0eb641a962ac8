/// The inverse of each square matrix, [..., n, n] → [..., n, n].
///
/// Where a matrix is singular some of its inverse is infinite or NaN. Other shapes stop the process.
///
/// - Complexity: 8/3 n³ operations for each matrix, and n² numbers of memory.
public func inverse(_ x: Tensor) -> Tensor {
  requireSquare(x, "inverse")
  return Tensor(raw: .inverse, [x], shape: x.shape)
}

/// ln |det X| of each square matrix, [..., n, n] → [...]; -∞ where one is singular.
///
/// Its derivative is the inverse, transposed, so that it has every further one. Other shapes stop the process.
///
/// - Complexity: 2/3 n³ operations for each matrix, and n² numbers of memory.
public func logAbsoluteDeterminant(_ x: Tensor) -> Tensor {
  requireSquare(x, "logAbsoluteDeterminant")
  return Tensor(raw: .logAbsoluteDeterminant, [x], shape: Array(x.shape.dropLast(2)))
}

private func requireSquare(_ x: Tensor, _ operation: String) {
  require(
    x.rank >= 2 && x.shape[x.rank - 1] == x.shape[x.rank - 2],
    "\(operation): shape \(x.shape) is not of square matrices")
}
