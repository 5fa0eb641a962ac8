import Execution
import Expressions
import Kernels
import Planning
import Randomness
import ScoreMatching

/// What a loss is given beside one part of the data.
struct FurtherInputs {
  /// Numbers beside each row: one rows input of a program.
  struct Rows {
    let name: String
    let columns: Int
    /// Row-major, in Double.
    let values: [Double]
  }

  var rows: [Rows] = []
  /// States that no step assigns.
  var states: [(name: String, values: [Double])] = []
}

extension Arena {
  /// Binds what its program asks for; programs without the loss ask for nothing.
  func give(_ further: FurtherInputs) throws(KernelError) {
    for rows in further.rows where program.rowInputs.contains(where: { $0.name == rows.name }) {
      bind(rows.name, to: try RowData(rows.values, columns: rows.columns))
    }
    for state in further.states where program.stateNames.contains(state.name) {
      setState(state.name, state.values)
    }
  }
}

extension TrainingLoss {
  /// What the loss is given beside one part of the data: the exact score, noise and its density, or what noise is
  /// drawn with.
  ///
  /// - Parameters:
  ///   - part: "train" or "validation"; each has noise of its own.
  ///   - rows: that part, row-major.
  /// - Throws: ``TrialFailure`` where noise like the data cannot be drawn.
  func furtherInputs(
    of part: String, _ rows: [Double], _ trial: Trial, _ data: TrialData, _ programs: ProgramCache
  ) throws -> FurtherInputs {
    let d = data.dimension
    var result = FurtherInputs()
    if needsTargetScore, let exact = data.target {
      result.rows.append(
        FurtherInputs.Rows(
          name: Minimisation.targetName, columns: d, values: try exact.scores(of: rows, programs)))
    }
    guard let contrast else { return result }
    let law: any Target
    do {
      law = try contrast.distribution(like: data.train, of: data.target, dimension: d)
    } catch {
      throw TrialFailure("no noise like the training data can be drawn: \(error)")
    }
    result.states = contrast.states(of: law)
    var numbers = [(columns: 1, values: try law.logDensities(of: rows))]
    if result.states.isEmpty {
      var generator = RandomGenerator(trial.key(TrialStreams.contrast(part)))
      let points = law.sample(rows.count / d * contrast.ratio, using: &generator)
      numbers += [
        (contrast.ratio * d, points), (contrast.ratio, try law.logDensities(of: points)),
      ]
    }
    result.rows += zip(ContrastiveNoise.inputNames, numbers).map { name, input in
      FurtherInputs.Rows(name: name, columns: input.columns, values: input.values)
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
