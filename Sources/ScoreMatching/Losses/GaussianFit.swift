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
      throw .noCovariance(rows: table.rowCount, dimension: dimension)
    }
    try table.checkVariances()
    guard let covariance = Covariance(table.covariance, dimension: dimension) else {
      throw .dependentColumns(count: dimension, rank: dimension - 1)
    }
    return Gaussian(mean: table.means, covariance: covariance)
  }

  /// Fewer rows than a covariance needs; nil for all else. The rows of a file are not counted here.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["loss.type"] == .text(declaration.name), trial.has("data.train"),
      let d = Targets.dimension(trial), trial.integer("data.train") <= d
    else { return nil }
    return Refusal(
      ["data.train", "dimension"],
      because: "\(trial.integer("data.train")) rows have no covariance in \(d) dimensions",
      remedy: "Give data.train more rows than the data have dimensions.")
  }
}
