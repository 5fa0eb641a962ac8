import Execution
import Expressions
import Kernels
import ScoreMatching

// What a training compiles: the same to run it and to predict what it takes.

extension Minimisation {
  /// The program of its step.
  func program(of step: Step, _ programs: ProgramCache) -> Program {
    programs.program(
      outputs: step.programOutputs, assignments: step.programAssignments,
      rowCount: training.batch)
  }

  /// The name of what is watched on validation data: a metric, or the training loss itself.
  var watched: String { training.earlyStopping?.metric ?? EarlyStopping.validationLossName }

  /// What is evaluated on so many rows of validation data.
  func validation(
    target: (any Target)?, rowCount: Int
  ) -> (items: [Evaluator.Item], extra: [Evaluator.Extra]) {
    let metric: ScoreMatching.Metric? =
      switch watched {
      case "validation_implicit_score_matching": .implicitScoreMatching
      case "validation_fisher_divergence": target.map(ScoreMatching.Metric.fisherDivergence)
      default: nil
      }
    if let metric { return ([Evaluator.Item(name: watched, metric: metric)], []) }
    return ([], [loss.validation(of: model, rowCount: rowCount)])
  }
}

extension TrainingLoss {
  /// The loss itself on so many rows of validation data.
  func validation(of model: any ScoreModel, rowCount: Int) -> Evaluator.Extra {
    let exact =
      needsTargetScore
      ? Tensor.rows(Minimisation.targetName, [max(rowCount, 1), model.dimension]) : nil
    return (EarlyStopping.validationLossName, { self(model.subject, at: $0, target: exact) })
  }
}

extension FullBatch {
  /// The program of an evaluation over so many rows.
  func program(rowCount: Int, _ programs: ProgramCache) -> Program {
    programs.program(outputs: outputs(rowCount: rowCount), rowCount: rowCount)
  }
}

extension Target {
  /// ∇ log p at so many rows, the output `score`.
  func scoreProgram(rowCount: Int, _ programs: ProgramCache) -> Program {
    let x = Tensor.rows("x", [rowCount, dimension])
    return programs.program(outputs: [("score", score(x))], rowCount: rowCount)
  }

  /// ∇ log p at each row, in Double.
  func scores(of rows: [Double], _ programs: ProgramCache) throws(KernelError) -> [Double] {
    let arena = try Arena<Double>(scoreProgram(rowCount: rows.count / dimension, programs))
    arena.bind("x", to: try RowData(rows, columns: dimension))
    arena.run()
    return arena.output("score")
  }
}
