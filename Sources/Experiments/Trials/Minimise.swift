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
    _ trial: Trial, _ data: TrialData, _: Scalar.Type, _ start: ContinuousClock.Instant,
    _ record: inout TrialRecord
  ) throws -> Bool {
    let settings = trial.settings
    guard let loss = TrainingLoss(settings) else {
      throw TrialFailure("the loss \(settings.text("loss.type")) is not minimised step by step")
    }
    let model = Models.make(for: settings, dimension: data.dimension)
    let training = Training(settings["training"] ?? .null)
    let session = try Session<Scalar>(
      trial, data, Minimisation(loss, of: model, training), programs, self)
    record.parameterCount = model.parameterCount
    record.architecture = model.architecture
    record.architectureAttributes = model.structure.map(Attribute.init)
    guard try session.train(start: start, &record) else { return false }
    let best = session.best
    record.parameters = zip(model.parameters, best).map { parameter, values in
      NamedArray(
        parameter.name, shape: parameter.shape,
        values: Scalar.self == Float.self ? .float32(values.map(Float.init)) : .float64(values))
    }
    try measure(trial, data, model.subject, named(model, best), &record)
    return true
  }

  /// The experiment's metrics on test and validation data.
  ///
  /// Each has a program of its own: within one program what a metric shares with others decides how it is
  /// rounded, and a trial's numbers must not depend on what else is measured.
  func measure(
    _ trial: Trial, _ data: TrialData, _ model: Subject,
    _ parameters: [(name: String, values: [Double])], _ record: inout TrialRecord
  ) throws {
    for (part, rows) in [("test", data.test), ("validation", data.validation)] {
      let found = try items(trial.settings, data.target).map { item in
        let isTest = part == "test"
        return Results.Metric(
          (isTest ? "" : "validation_") + item.name,
          try value(item, trial, part, of: model, on: rows, parameters), unit: item.metric.unit,
          longName: item.metric.longName + (isTest ? "" : ", on validation data"))
      }
      record.metrics += found
      if record.outcome == .completed, let lost = found.first(where: { !$0.value.isFinite }) {
        record.outcome = Outcome(
          .diverged, message: "\(lost.name) is \(lost.value) after \(record.steps) steps")
      }
    }
  }

  private func value(
    _ item: Evaluator.Item, _ trial: Trial, _ part: String, of model: Subject, on rows: [Double],
    _ parameters: [(name: String, values: [Double])]
  ) throws -> Double {
    switch item.metric.quantity {
    case .closedForm(let body):
      return body(parameters.map(\.values))
    case .minibatches(let variance):
      return try measure(
        variance, on: rows, columns: model.dimension, parameters,
        keys: variance.loss.streams.map { ($0, trial.key(TrialStreams.variance($0, part))) },
        order: trial.key(TrialStreams.variance("rows", part)))
    case .mean, .rows:
      let evaluator = try Evaluator(
        [item], of: model, on: rows, keys: metricKeys(trial, part), programs: programs)
      evaluator.run(parameters: parameters)
      return evaluator.value(item)
    }
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
