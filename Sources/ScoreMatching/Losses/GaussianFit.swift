import Settings

/// The maximum-likelihood Gaussian: the reference row that needs no training.
///
///     μ = mean of the rows,   Σ = their covariance, divided by n
///
/// It is also the minimiser of implicit score matching over all Gaussians, exactly, for any sample.
///
/// Reference: Hyvärinen, JMLR 6 (2005), section 3.1.
public enum GaussianFit {
  /// Its name in an experiment file.
  public static let declaration = Variant(
    "gaussian-fit", "maximum-likelihood Gaussian of the training data, in closed form")

  /// The Gaussian of these rows.
  ///
  /// - Parameters:
  ///   - rows: data, row-major, [n, d].
  ///   - dimension: d.
  /// - Throws: ``DataError`` where the covariance is singular.
  /// - Complexity: n d² + d³ multiplications.
  public static func fit(_ rows: [Double], dimension: Int) throws(DataError) -> Gaussian {
    let table = Table(columns: (0..<dimension).map(String.init), values: rows)
    guard table.rowCount > dimension else {
      throw .dependentColumns(count: dimension, rank: max(table.rowCount - 1, 0))
    }
    try table.checkVariances()
    guard let covariance = Covariance(table.covariance, dimension: dimension) else {
      throw .dependentColumns(count: dimension, rank: dimension - 1)
    }
    return Gaussian(mean: table.means, covariance: covariance)
  }
}
