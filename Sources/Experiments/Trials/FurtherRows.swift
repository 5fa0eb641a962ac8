import Execution
import Expressions
import Planning
import Randomness
import ScoreMatching

/// Numbers beside each row of data that a loss reads: one rows input of its program.
struct FurtherRows {
  let name: String
  let columns: Int
  /// Row-major, in Double.
  let values: [Double]
}

extension TrainingLoss {
  /// What the loss is given beside one part of the data: the exact score, noise and its density.
  ///
  /// - Parameters:
  ///   - part: "train" or "validation"; each has noise of its own.
  ///   - rows: that part, row-major.
  /// - Throws: ``TrialFailure`` where noise like the data cannot be drawn.
  func furtherRows(
    of part: String, _ rows: [Double], _ trial: Trial, _ data: TrialData, _ programs: ProgramCache
  ) throws -> [FurtherRows] {
    let d = data.dimension
    var result: [FurtherRows] = []
    if needsTargetScore, let exact = data.target {
      result.append(
        FurtherRows(
          name: Minimisation.targetName, columns: d, values: try exact.scores(of: rows, programs)))
    }
    guard let contrast else { return result }
    let law: any Target
    do {
      law = try contrast.distribution(like: data.train, of: data.target, dimension: d)
    } catch {
      throw TrialFailure("no noise like the training data can be drawn: \(error)")
    }
    var generator = RandomGenerator(trial.key(TrialStreams.contrast(part)))
    let points = law.sample(rows.count / d * contrast.ratio, using: &generator)
    let numbers = [points, try law.logDensities(of: rows), try law.logDensities(of: points)]
    let columns = [contrast.ratio * d, 1, contrast.ratio]
    for (index, name) in ContrastiveNoise.inputNames.enumerated() {
      result.append(FurtherRows(name: name, columns: columns[index], values: numbers[index]))
    }
    return result
  }
}

extension Target {
  /// ln p at each row, in Double. What it compiles is not kept: noise is fitted to each trial's own rows.
  fileprivate func logDensities(of rows: [Double]) throws -> [Double] {
    let rowCount = rows.count / dimension
    let x = Tensor.rows("x", [rowCount, dimension])
    let arena = try Arena<Double>(
      Program(outputs: [("log_density", logDensity(x))], rowCount: rowCount))
    arena.bind("x", to: try RowData(rows, columns: dimension))
    arena.run()
    return arena.output("log_density")
  }
}
