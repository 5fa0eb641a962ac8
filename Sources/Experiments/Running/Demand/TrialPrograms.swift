import Execution
import Expressions
import Randomness
import ScoreMatching

/// What a trial compiles, the same as when it runs.
struct TrialPrograms: Sendable {
  /// A program that runs over all rows of a part of the data.
  struct Pass: Sendable {
    var program: Program
    var rowCount: Int
    /// How often it runs.
    var runs = 1

    /// Cost, in Double.
    var work: Double { Double(runs) * program.work }
  }

  /// What measures the model in the end.
  enum Measuring: Sendable {
    /// A program over rows.
    case pass(Pass)
    /// Chains, moved once.
    case simulation(SimulationPrograms)
    /// Plain loops of this work.
    case loops(Double)

    /// Cost, in Double.
    var work: Double {
      switch self {
      case .pass(let pass): pass.work
      case .simulation(let simulation): simulation.work
      case .loops(let work): work
      }
    }
  }

  /// A training step and the evaluation of validation data; nil for a closed form.
  var training: (step: Program, validation: Pass)?
  /// What a closed form solves for, one after the other.
  var solving: [Pass] = []
  /// The exact scores of the training and the validation rows, where the loss needs them.
  var exactScores: [Pass] = []
  /// Numbers of noise, and of its density, that stand beside each row of data.
  var contrastCount = 0
  /// The sampler, then the metrics of test and validation data in the end, one by one.
  var metrics: [Measuring]

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
    exactScores = Self.exactScores(minimisation.loss, data, target, programs)
    contrastCount = minimisation.loss.contrast?.inputCount(dimension: data.dimension) ?? 0
    metrics = Self.metrics(items, of: model.subject, data, programs)
  }

  /// The programs of a trial that solves for the minimum of a quadratic.
  init(
    of problem: ClosedForm, _ data: DataShape, target: (any Target)?,
    metrics items: [Evaluator.Item], _ programs: ProgramCache
  ) {
    solving = problem.programs(programs).map { Pass(program: $0, rowCount: data.train) }
    if problem.loss.needsTargetScore, let target {
      exactScores = [
        Pass(
          program: target.scoreProgram(rowCount: data.train, programs), rowCount: data.train)
      ]
    }
    metrics = Self.metrics(items, of: problem.model.subject, data, programs)
  }

  /// The programs of a trial that minimises a loss over all rows at once.
  init(
    of fit: FullBatch, _ data: DataShape, target: (any Target)?,
    metrics items: [Evaluator.Item], _ programs: ProgramCache
  ) {
    let model = fit.model
    let validation = Evaluator.program(
      [], extra: [fit.loss.validation(of: model, rowCount: data.validation)], of: model.subject,
      rowCount: data.validation, programs: programs)
    training = (
      fit.program(rowCount: data.train, programs),
      Pass(program: validation, rowCount: data.validation)
    )
    exactScores = Self.exactScores(fit.loss, data, target, programs)
    contrastCount = fit.loss.contrast?.inputCount(dimension: data.dimension) ?? 0
    metrics = Self.metrics(items, of: model.subject, data, programs)
  }

  private static func exactScores(
    _ loss: TrainingLoss, _ data: DataShape, _ target: (any Target)?, _ programs: ProgramCache
  ) -> [Pass] {
    guard loss.needsTargetScore, let target else { return [] }
    return [data.train, data.validation].map { rowCount in
      Pass(program: target.scoreProgram(rowCount: rowCount, programs), rowCount: rowCount)
    }
  }

  /// The programs of a trial that fits a Gaussian.
  init(ofGaussianFitTo data: DataShape, metrics items: [Evaluator.Item], _ programs: ProgramCache) {
    let d = data.dimension
    // Any numbers give a program of the same size.
    let mean = Tensor.literal((0..<d).map { Double($0 + 1) }, [d])
    let inverse = Tensor.literal((0..<d * d).map { Double($0 + 1) }, [d, d])
    let fit = Subject(
      dimension: d, score: { -matmul($0 - mean, inverse) },
      logDensity: { -dot($0 - mean, matmul($0 - mean, inverse)) / 2 },
      noisyScore: { x, sigma in
        let turned =
          matmul(x - mean, transpose(inverse)) / (mean + square(sigma).expanded(at: sigma.rank))
        return -matmul(turned, inverse)
      })
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
  ) -> [Measuring] {
    let sampler = data.trial.flatMap { Samplers.make($0) }
    let chains = sampler.map { sampler in
      // Any numbers give a simulation of the same size.
      let zeros = [Double](repeating: 0, count: sampler.chains.count * data.dimension)
      return (simulation: sampler.simulation(of: model, from: zeros), points: zeros)
    }
    let samples = chains.map { Samples($0.points, dimension: data.dimension) }
    var sharing: Set<String> = []
    return (chains.map { [.simulation(SimulationPrograms($0.simulation, programs))] } ?? [])
      + [data.test, data.validation].enumerated().flatMap { part, rowCount in
        items.flatMap { item -> [Measuring] in
          switch item.metric.quantity {
          case .mean, .rows:
            let program = Evaluator.program(
              [item], of: model, rowCount: rowCount, programs: programs)
            return [.pass(Pass(program: program, rowCount: rowCount))]
          case .simulations(let simulations):
            let rows = MetricData(
              dimension: data.dimension, train: [],
              heldOut: [Double](repeating: 0, count: rowCount * data.dimension), samples: samples,
              generator: RandomGenerator(StreamKey(bits: 0)))
            let isFirst =
              part == 0 && (simulations.sharedName.map { sharing.insert($0).inserted } ?? true)
            let shared = isFirst ? try? simulations.shared(model, rows) : []
            let all = (shared ?? []) + ((try? simulations.ofRows(model, rows)) ?? [])
            return all.map { .simulation(SimulationPrograms($0, programs)) }
          case .minibatches(let variance):
            let program = variance.program(dimension: model.dimension, programs)
            return [.pass(Pass(program: program, rowCount: rowCount, runs: variance.count))]
          case .data(let work, _):
            let extents = MetricExtents(
              rowCount: rowCount, sampleCount: samples?.count ?? 0, dimension: data.dimension)
            return [.loops(work(extents))]
          // Once for both parts.
          case .closedForm(let work, _): return part == 0 ? [.loops(work)] : []
          }
        }
      }
  }
}
