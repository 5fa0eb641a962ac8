/// Measurements of one quantity in several trials.
public struct Sample: Sendable, Equatable {
  /// The measurements in increasing order, so that nothing computed from them depends on the order of
  /// the trials.
  public let values: [Double]

  /// The sample of the numbers given; NaN, which stands for "absent", is left out.
  public init(_ values: [Double]) {
    self.values = values.filter { !$0.isNaN }.sorted()
  }

  /// How many measurements there are.
  public var count: Int { values.count }

  /// The mean, nil of an empty sample.
  ///
  ///     m = (1/n) Σᵢ xᵢ
  public var mean: Double? {
    guard !values.isEmpty else { return nil }
    return values.reduce(0, +) / Double(count)
  }

  /// The sample standard deviation, nil of fewer than two measurements.
  ///
  ///     s = √( Σᵢ (xᵢ - m)² / (n - 1) )
  ///
  /// With two passes, so that a spread far smaller than the mean keeps its digits.
  public var deviation: Double? {
    guard count > 1, let mean else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(count - 1)).squareRoot()
  }

  /// The standard error of the mean, s / √n; nil of fewer than two measurements.
  public var standardError: Double? {
    deviation.map { $0 / Double(count).squareRoot() }
  }

  /// The middle measurement, or the mean of the two middle ones; nil of an empty sample.
  public var median: Double? {
    guard !values.isEmpty else { return nil }
    let middle = count / 2
    return count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
  }
}
