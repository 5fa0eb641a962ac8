import Randomness
import Settings

extension Table {
  /// The table without columns until no two correlate above a limit in magnitude.
  ///
  /// The first column that correlates so with a later one goes, and so on, as in the preprocessing
  /// of the UCI sets for density estimation.
  func withoutCorrelations(above limit: Double) throws(DataError) -> Table {
    let covariance = self.covariance
    let d = columns.count
    let kept = (0..<d).filter { i in
      !((i + 1)..<max(d, i + 1)).contains { j in
        let scale = (covariance[i * d + i] * covariance[j * d + j]).squareRoot()
        return covariance[i * d + j].magnitude > limit * scale
      }
    }
    return keeping(kept)
  }

  /// The table with uniform noise of ± the median gap between a column's distinct values.
  ///
  /// Rounded columns would otherwise be point masses, on which scores have no meaning.
  func dequantised(using generator: inout RandomGenerator) -> Table {
    let gaps = columns.indices.map { index -> Double in
      let sorted = column(index).sorted()
      let gaps = zip(sorted.dropFirst(), sorted).map(-).filter { $0 > 0 }.sorted()
      guard !gaps.isEmpty else { return 0 }
      return (gaps[(gaps.count - 1) / 2] + gaps[gaps.count / 2]) / 2
    }
    let noisy = values.enumerated().map { index, value in
      value + gaps[index % columns.count] * (2 * generator.uniform() - 1)
    }
    return Table(columns: columns, values: noisy)
  }

  /// The rows in random order, each order equally likely.
  func shuffled(using generator: inout RandomGenerator) -> Table {
    let d = columns.count
    let order = generator.permutation(of: rowCount)
    return Table(
      columns: columns, values: order.flatMap { values[Int($0) * d..<(Int($0) + 1) * d] })
  }

  /// The rows of a range.
  func rows(_ range: Range<Int>) -> Table {
    let d = columns.count
    return Table(
      columns: columns, values: Array(values[range.lowerBound * d..<range.upperBound * d]))
  }

  /// - Throws: where a column is constant.
  func checkVariances() throws(DataError) {
    for (index, (mean, variance)) in zip(means, variances).enumerated() {
      // Rounding leaves a constant column a variance of about (ε·mean)².
      guard variance > 0x1p-100 * mean * mean else { throw .constantColumn(columns[index]) }
    }
  }
}

/// An affine map of rows, y = (x - mean) W: how a table became data.
public struct Whitening: Sendable, Hashable {
  /// How the columns are brought to a common scale.
  public enum Method: String, Sendable, Hashable, CaseIterable {
    /// Principal components, each of variance 1.
    case pca
    /// The symmetric map to uncorrelated columns of variance 1, which stays nearest to the columns.
    case zca
    /// Each column with mean 0 and variance 1.
    case standardize
    /// As they are.
    case none
  }

  /// W, where it is diagonal, or all of it.
  private enum Map: Sendable, Hashable {
    case diagonal([Double])
    case full([Double])
  }

  /// The mean that is taken away, [c].
  public let mean: [Double]
  private let map: Map

  /// W, row-major, [c, d].
  public var matrix: [Double] {
    switch map {
    case .full(let matrix): return matrix
    case .diagonal(let scales):
      let d = scales.count
      return (0..<d * d).map { $0 / d == $0 % d ? scales[$0 % d] : 0 }
    }
  }

  /// The map that whitens the rows of a table; variances are sums divided by the number of rows.
  init(_ method: Method, of table: Table) throws(DataError) {
    let d = table.columns.count
    try table.checkVariances()
    guard method != .none else {
      mean = [Double](repeating: 0, count: d)
      map = .diagonal([Double](repeating: 1, count: d))
      return
    }
    mean = table.means
    guard method != .standardize else {
      map = .diagonal(table.variances.map { 1 / $0.squareRoot() })
      return
    }
    // The rank is that of the correlations, so that no column counts for more by its unit.
    let covariance = table.covariance
    let scales = (0..<d).map { covariance[$0 * d + $0].squareRoot() }
    let rank = Whitening.rank(covariance, scales)
    guard rank == d else { throw .dependentColumns(count: d, rank: rank) }
    let eigen = SymmetricEigen(covariance, count: d)
    var components = [Double](repeating: 0, count: d * d)
    for k in 0..<d {
      for i in 0..<d {
        components[i * d + k] = eigen.vectors[k][i] / eigen.values[k].squareRoot()
      }
    }
    map = .full(method == .zca ? Whitening.rotatedBack(components, eigen.vectors) : components)
  }

  /// The mapped rows, row-major.
  public func apply(_ rows: [Double]) -> [Double] {
    let d = mean.count
    var result = [Double](repeating: 0, count: rows.count)
    switch map {
    case .diagonal(let scales):
      for (index, value) in rows.enumerated() {
        result[index] += (value - mean[index % d]) * scales[index % d]
      }
    case .full(let matrix):
      for row in stride(from: 0, to: rows.count, by: max(d, 1)) {
        for i in 0..<d {
          let centred = rows[row + i] - mean[i]
          for k in 0..<d { result[row + k] += centred * matrix[i * d + k] }
        }
      }
    }
    return result
  }

  /// Principal components turned back to the columns they came from, W Vᵀ.
  private static func rotatedBack(_ matrix: [Double], _ vectors: [[Double]]) -> [Double] {
    let d = vectors.count
    return (0..<d * d).map { place in
      (0..<d).reduce(0) { $0 + matrix[place / d * d + $1] * vectors[$1][place % d] }
    }
  }

  static let choices = [
    Choice("pca", "principal components of variance 1"),
    Choice("zca", "uncorrelated columns of variance 1 that stay nearest to the file's"),
    Choice("standardize", "each column with mean 0 and variance 1"),
    Choice("none", "as they are"),
  ]

  /// How many eigenvalues of the correlations are more than rounding.
  private static func rank(_ covariance: [Double], _ scales: [Double]) -> Int {
    let d = scales.count
    let correlations = (0..<d * d).map { covariance[$0] / (scales[$0 / d] * scales[$0 % d]) }
    return SymmetricEigen(correlations, count: d).values.filter { $0 > 1e-12 }.count
  }
}
