import Execution
import Expressions
import Kernels
import Planning
import Randomness
import Results
import ScoreMatching
import Settings

extension TrialRunner {
  /// Trains a model and measures it; false where it was stopped.
  func minimise<Scalar: ProgramScalar>(
    _ trial: Trial, _ data: TrialData, _: Scalar.Type, _ deadline: Deadline,
    _ record: inout TrialRecord
  ) throws -> Bool {
    let settings = trial.settings
    guard let loss = TrainingLoss(settings) else {
      throw TrialFailure("the loss \(settings.text("loss.type")) is not minimised step by step")
    }
    let model = Models.make(for: settings, dimension: data.dimension)
    record.parameterCount = model.parameterCount
    record.architecture = model.architecture
    record.architectureAttributes = model.structure.map(Attribute.init)
    let best: [[Double]]
    var facts: [(name: String, values: [Double])] = []
    if let earlier = deadline.progress.earlier?.trained, earlier.fits(model) {
      (best, facts) = earlier.fill(&record)
    } else {
      if settings["fit.type"] == .text(Fits.fullBatch) {
        let fit = FullBatch(loss, of: model, settings["lbfgs"] ?? .null)
        let session = try FullBatchSession<Scalar>(trial, data, fit, programs, self)
        guard try session.train(until: deadline, &record) else { return false }
        best = session.best
        facts = [(FullBatch.convergedName, [session.hasConverged ? 1 : 0])]
      } else {
        let training = Training(settings["training"] ?? .null)
        let session = try Session<Scalar>(
          trial, data, Minimisation(loss, of: model, training), programs, self)
        guard try session.train(until: deadline, &record) else { return false }
        best = session.best
      }
      let trained = TrainedState(best, facts, record)
      deadline.progress.note { ($0.trained, $0.training, $0.fullBatch) = (trained, nil, nil) }
      deadline.progress.keepNowAndThen { _ in }
    }
    record.parameters = zip(model.parameters, best).map { parameter, values in
      NamedArray(
        parameter.name, shape: parameter.shape,
        values: Scalar.self == Float.self ? .float32(values.map(Float.init)) : .float64(values))
    }
    try measure(
      trial, data, model.subject, named(model, best) + facts, deadline, &record,
      derived: DerivedNumbers(of: model, at: best))
    return true
  }

  private func named(
    _ model: any ScoreModel, _ values: [[Double]]
  ) -> [(name: String, values: [Double])] {
    zip(model.parameters, values).map { ($0.name, $1) }
  }
}

extension Attribute {
  /// A setting of a model as a fact beside its parameters.
  init(_ member: SettingValue.Member) {
    let value: AttributeValue =
      switch member.value {
      case .boolean(let flag): .boolean(flag)
      case .text(let text): .text(text)
      case .number(let number): Int(exactly: number).map(AttributeValue.integer) ?? .number(number)
      case .list(let values): AttributeValue(values) ?? .text(member.value.canonicalJSON)
      case .null, .object: .text(member.value.canonicalJSON)
      }
    self.init(member.name, value)
  }
}

extension AttributeValue {
  /// A list of numbers, of whole ones where all are; nil for any other list.
  fileprivate init?(_ values: [SettingValue]) {
    let numbers = values.compactMap { if case .number(let number) = $0 { number } else { nil } }
    guard numbers.count == values.count else { return nil }
    let integers = numbers.compactMap(Int.init(exactly:))
    self = integers.count == values.count ? .integers(integers) : .numbers(numbers)
  }
}
