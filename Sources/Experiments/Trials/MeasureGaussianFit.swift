import Planning
import Results
import ScoreMatching
import Settings

extension TrialRunner {
  /// Measures the maximum-likelihood Gaussian of the training data; a closed form, stopped only while
  /// it is measured.
  func measureGaussianFit(
    _ trial: Trial, _ data: TrialData, _ deadline: Deadline, _ record: inout TrialRecord
  ) throws -> Bool {
    let d = data.dimension
    let fit: Gaussian
    do {
      fit = try GaussianFit.fit(data.train, dimension: d)
    } catch {
      throw TrialFailure("no Gaussian fits the training data: \(error)")
    }
    record.parameterCount = d + d * (d + 1) / 2
    record.architecture = "gaussian-\(d)"
    record.architectureAttributes = [
      Attribute("model", .text("gaussian")), Attribute("dimension", .integer(d)),
    ]
    record.parameters = [NamedArray("mean", shape: [d], values: .float64(fit.mean))]
    if case .full(_, let matrix) = fit.covariance {
      record.parameters.append(
        NamedArray("covariance", shape: [d, d], values: .float64(matrix)))
    }
    try measure(trial, data, fit.subject, [], deadline, &record)
    return true
  }

  /// Measures the data's own score; nothing is learned.
  func measureExactScore(
    _ trial: Trial, _ data: TrialData, _ deadline: Deadline, _ record: inout TrialRecord
  ) throws -> Bool {
    guard let target = data.target else { throw TrialFailure("the data have no exact score") }
    record.architecture = "exact-\(data.dimension)"
    try measure(trial, data, target.subject, [], deadline, &record)
    return true
  }
}
