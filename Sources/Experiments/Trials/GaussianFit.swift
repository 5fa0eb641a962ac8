import Planning
import Results
import ScoreMatching
import Settings

extension TrialRunner {
  /// Measures the maximum-likelihood Gaussian of the training data; closed form, so never stopped.
  func fitGaussian(
    _ trial: Trial, _ data: TrialData, _ record: inout TrialRecord
  ) throws -> Bool {
    let d = data.dimension
    let moments = Moments(data.train, dimension: d)
    guard let covariance = Covariance(moments.covariance, dimension: d) else {
      throw TrialFailure(
        "the covariance of the training data is not positive definite; use more rows than dimensions, "
          + "or data with noise in every direction")
    }
    let fit = Gaussian(mean: moments.mean, covariance: covariance)
    record.parameterCount = d + d * (d + 1) / 2
    record.architecture = "gaussian-\(d)"
    record.architectureAttributes = [
      Attribute("model", .text("gaussian")), Attribute("dimension", .integer(d)),
    ]
    record.parameters = [
      NamedArray("mean", shape: [d], values: .float64(moments.mean)),
      NamedArray("covariance", shape: [d, d], values: .float64(moments.covariance)),
    ]
    try measure(trial, data, { fit.score($0) }, [], &record)
    return true
  }
}

/// The mean and the covariance (divided by n) of rows.
struct Moments {
  let mean: [Double]
  let covariance: [Double]

  init(_ rows: [Double], dimension d: Int) {
    let count = rows.count / d
    var mean = [Double](repeating: 0, count: d)
    for (index, value) in rows.enumerated() { mean[index % d] += value / Double(count) }
    var covariance = [Double](repeating: 0, count: d * d)
    for row in 0..<count {
      for i in 0..<d {
        let first = rows[row * d + i] - mean[i]
        for j in 0..<d {
          covariance[i * d + j] += first * (rows[row * d + j] - mean[j]) / Double(count)
        }
      }
    }
    self.mean = mean
    self.covariance = covariance
  }
}
