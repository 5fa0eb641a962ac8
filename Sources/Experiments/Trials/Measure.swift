import Execution
import Expressions
import Kernels
import Planning
import Randomness
import Results
import ScoreMatching
import Settings

extension TrialRunner {
  /// A model at the parameters that it is measured at.
  struct Measured {
    var model: Subject
    var parameters: [(name: String, values: [Double])]
    var deadline: Deadline
  }

  /// Draws the trial's samples, where it has a sampler, and computes the experiment's metrics on test
  /// and validation data.
  ///
  /// Each has a program of its own: within one program what a metric shares with others decides how it is
  /// rounded, and a trial's numbers must not depend on what else is measured.
  ///
  /// At the limit of time what takes one pass over the rows is measured all the same, then
  /// ``TrialTimedOut`` is thrown.
  func measure(
    _ trial: Trial, _ data: TrialData, _ model: Subject,
    _ parameters: [(name: String, values: [Double])], _ deadline: Deadline,
    _ record: inout TrialRecord
  ) throws {
    let measured = Measured(model: model, parameters: parameters, deadline: deadline)
    var isLate = false
    var samples: Samples?
    do { samples = try sample(trial, data, measured, &record) } catch is TrialTimedOut {
      isLate = true
    }
    let items = items(trial.settings, data.target)
    var shared: [String: [SimulationResult]] = [:]
    for (part, rows) in [("test", data.test), ("validation", data.validation)] {
      let rows = MetricData(
        dimension: data.dimension, train: data.train, heldOut: rows, target: data.target,
        samples: samples, generator: RandomGenerator(trial.key(TrialStreams.generator(part))),
        checkpoint: deadline.check)
      for item in items where !isLate || item.metric.isOnePass {
        if deadline.isStopped { throw TrialStopped() }
        let value: Double
        do {
          value = try known(item, part, deadline.progress) {
            try self.value(of: item, measured, rows, part, trial, &shared)
          }
        } catch is TrialTimedOut {
          isLate = true
          continue
        }
        let isTest = part == "test"
        let metric = Results.Metric(
          (isTest ? "" : "validation_") + item.name, value, unit: item.metric.unit,
          longName: item.metric.longName + (isTest ? "" : ", on validation data"))
        record.metrics.append(metric)
        if record.outcome.status == .completed, !value.isFinite {
          record.outcome = Outcome(.diverged, message: measured.sentence(metric, record.steps))
        }
      }
    }
    if isLate { throw TrialTimedOut() }
  }

  /// A metric's value: what an earlier run found, else what is computed now.
  private func known(
    _ item: Evaluator.Item, _ part: String, _ progress: TrialProgress,
    _ compute: () throws -> Double
  ) throws -> Double {
    let name = "\(part)/\(item.name)"
    if let value = progress.value(name) { return value }
    let value = try compute()
    progress.note(value, of: name)
    progress.forgetSimulations(of: name)
    progress.keepNowAndThen { _ in }
    return value
  }

  private func value(
    of item: Evaluator.Item, _ measured: Measured, _ rows: MetricData, _ part: String,
    _ trial: Trial, _ shared: inout [String: [SimulationResult]]
  ) throws -> Double {
    switch item.metric.quantity {
    case .mean, .rows:
      let evaluator = try Evaluator(
        [item], of: measured.model, on: rows.heldOut, keys: metricKeys(trial, part),
        programs: programs)
      evaluator.run(
        parameters: measured.parameters, scalars: TrainingLoss(trial.settings)?.scalars ?? [])
      return evaluator.value(item)
    case .simulations(let simulations):
      let ready =
        try shared[item.name]
        ?? run(try simulations.shared(measured.model, rows), of: item, measured, trial, "both")
      shared[item.name] = ready
      return simulations.reduce(
        try ready
          + run(try simulations.ofRows(measured.model, rows), of: item, measured, trial, part))
    case .data(let reduce):
      return try reduce(rows)
    case .closedForm(let body):
      return body(measured.parameters.map(\.values))
    case .minibatches(let variance):
      return try measure(
        variance, on: rows.heldOut, columns: rows.dimension, measured.parameters,
        keys: variance.loss.streams.map { ($0, trial.key(TrialStreams.variance($0, part))) },
        order: trial.key(TrialStreams.variance("rows", part)), until: measured.deadline)
    }
  }

  private func run(
    _ simulations: [Simulation], of item: Evaluator.Item, _ measured: Measured, _ trial: Trial,
    _ part: String
  ) throws -> [SimulationResult] {
    try simulations.enumerated().map { number, simulation in
      try run(
        simulation, named: "\(part)/\(item.name)/\(number)", measured,
        keys: simulation.streams.map { ($0, trial.key(TrialStreams.simulation($0, part))) })
    }
  }

  private func run(
    _ simulation: Simulation, named name: String, _ measured: Measured,
    keys: [(stream: String, key: StreamKey)]
  ) throws -> SimulationResult {
    let deadline = measured.deadline
    let inputs = SimulationInputs(
      parameters: measured.parameters, keys: keys,
      isStopped: { deadline.isStopped || deadline.isLate },
      progress: SimulationProgress(name: name, of: deadline.progress))
    let result = try SimulationPrograms(simulation, programs).run(inputs, idleCores: idleCores)
    guard let result else {
      try deadline.check()
      throw TrialStopped()
    }
    return result
  }

  /// What the trial's sampler draws; nil without one.
  private func sample(
    _ trial: Trial, _ data: TrialData, _ measured: Measured, _ record: inout TrialRecord
  ) throws -> Samples? {
    guard let sampler = Samplers.make(trial.settings) else { return nil }
    var generator = RandomGenerator(trial.key(TrialStreams.samplerStart))
    let simulation = sampler.simulation(
      of: measured.model,
      from: sampler.chains.draw(
        dimension: data.dimension, train: data.train, using: &generator))
    let result = try run(
      simulation, named: "sampler", measured,
      keys: simulation.streams.map { ($0, trial.key(TrialStreams.sampler($0))) })
    let samples = Samples(result, of: sampler, dimension: data.dimension)
    if record.outcome.status == .completed, samples.lostCount > 0 {
      record.outcome = Outcome(
        .diverged,
        message: "\(samples.lostCount) of the sampler's \(samples.count) chains are not finite "
          + "after \(simulation.stepCount) steps; lower its step size")
    }
    if sampler.chains.isKept {
      record.samples.append(
        NamedArray(
          "samples", shape: [samples.count, data.dimension], values: .float64(samples.points)))
    }
    return samples
  }
}

extension TrialRunner.Measured {
  /// What a metric that is not finite says of the model.
  fileprivate func sentence(_ metric: Results.Metric, _ steps: Int) -> String {
    let isFinite = parameters.allSatisfy { $0.values.allSatisfy(\.isFinite) }
    return isFinite
      ? "the metric \(metric.name) is \(metric.value); training itself ended well, the parameters "
        + "after \(steps) steps are finite"
      : "parameters are not finite after \(steps) steps, the metric \(metric.name) is "
        + "\(metric.value)"
  }
}

extension ScoreMatching.Metric {
  /// Whether it takes no longer than a pass over the rows.
  fileprivate var isOnePass: Bool {
    switch quantity {
    case .mean, .rows, .closedForm: true
    case .simulations, .data, .minibatches: false
    }
  }
}
