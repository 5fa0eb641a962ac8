import Execution
import Expressions
import ScoreMatching

/// What a trial compiles, the same as when it runs.
struct TrialPrograms: Sendable {
  /// A program that runs over all rows of a part of the data.
  struct Pass: Sendable {
    var program: Program
    var rowCount: Int
    /// How often it runs.
    var runs = 1
  }

  /// A training step and the evaluation of validation data; nil for a closed form.
  var training: (step: Program, validation: Pass)?
  /// The exact scores of the training and the validation rows, where the loss needs them.
  var exactScores: [Pass] = []
  /// The metrics of test and validation data in the end, one by one.
  var metrics: [Pass]

  /// The programs of a trial that minimises a loss.
  init(
    of minimisation: Minimisation, _ data: DataShape, target: (any Target)?,
    metrics items: [Evaluator.Item], _ programs: ProgramCache
  ) {
    let model = minimisation.model
    let (watched, extra) = minimisation.validation(target: target, rowCount: data.validation)
    let validation = Evaluator.program(
      watched, extra: extra, of: model.subject, rowCount: data.validation, programs: programs)
    training = (
      minimisation.program(of: minimisation.step, programs),
      Pass(program: validation, rowCount: data.validation)
    )
    if minimisation.loss.needsTargetScore, let target {
      exactScores = [data.train, data.validation].map { rowCount in
        Pass(program: target.scoreProgram(rowCount: rowCount, programs), rowCount: rowCount)
      }
    }
    metrics = Self.metrics(items, of: model.subject, data, programs)
  }

  /// The programs of a trial that fits a Gaussian.
  init(ofGaussianFitTo data: DataShape, metrics items: [Evaluator.Item], _ programs: ProgramCache) {
    let d = data.dimension
    // Any numbers give a program of the same size.
    let mean = Tensor.literal((0..<d).map { Double($0 + 1) }, [d])
    let inverse = Tensor.literal((0..<d * d).map { Double($0 + 1) }, [d, d])
    let fit = Subject(
      dimension: d, score: { -matmul($0 - mean, inverse) },
      logDensity: { -dot($0 - mean, matmul($0 - mean, inverse)) / 2 })
    metrics = Self.metrics(items, of: fit, data, programs)
  }

  /// The programs of a trial that learns nothing.
  init(
    ofExact target: any Target, _ data: DataShape, metrics items: [Evaluator.Item],
    _ programs: ProgramCache
  ) {
    metrics = Self.metrics(items, of: target.subject, data, programs)
  }

  private static func metrics(
    _ items: [Evaluator.Item], of model: Subject, _ data: DataShape,
    _ programs: ProgramCache
  ) -> [Pass] {
    [data.test, data.validation].flatMap { rowCount in
      items.compactMap { item in
        switch item.metric.quantity {
        case .closedForm: nil
        case .minibatches(let variance):
          Pass(
            program: variance.program(dimension: model.dimension, programs), rowCount: rowCount,
            runs: variance.count)
        case .mean, .rows:
          Pass(
            program: Evaluator.program(
              [item], of: model, rowCount: rowCount, programs: programs),
            rowCount: rowCount)
        }
      }
    }
  }
}
