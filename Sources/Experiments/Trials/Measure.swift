import Execution
import Expressions
import Kernels
import Planning
import Randomness
import Results
import ScoreMatching
import Settings

/// A trial was stopped on the way; it leaves no record.
struct TrialStopped: Error {}

extension TrialRunner {
  /// A model at the parameters that it is measured at.
  struct Measured {
    var model: Subject
    var parameters: [(name: String, values: [Double])]
  }

  /// Draws the trial's samples, where it has a sampler, and computes the experiment's metrics on test
  /// and validation data.
  ///
  /// Each has a program of its own: within one program what a metric shares with others decides how it is
  /// rounded, and a trial's numbers must not depend on what else is measured.
  func measure(
    _ trial: Trial, _ data: TrialData, _ model: Subject,
    _ parameters: [(name: String, values: [Double])], _ record: inout TrialRecord
  ) throws {
    let measured = Measured(model: model, parameters: parameters)
    let samples = try sample(trial, data, measured, &record)
    let items = items(trial.settings, data.target)
    var shared: [String: [SimulationResult]] = [:]
    for (part, rows) in [("test", data.test), ("validation", data.validation)] {
      let rows = MetricData(
        dimension: data.dimension, train: data.train, heldOut: rows, target: data.target,
        samples: samples, generator: RandomGenerator(trial.key(TrialStreams.generator(part))))
      let found = try items.map { item in
        let value = try value(of: item, measured, rows, part, trial, &shared)
        let isTest = part == "test"
        return Results.Metric(
          (isTest ? "" : "validation_") + item.name, value, unit: item.metric.unit,
          longName: item.metric.longName + (isTest ? "" : ", on validation data"))
      }
      record.metrics += found
      if record.outcome.status == .completed, let lost = found.first(where: { !$0.value.isFinite })
      {
        record.outcome = Outcome(
          .diverged, message: "\(lost.name) is \(lost.value) after \(record.steps) steps")
      }
    }
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
        ?? run(try simulations.shared(measured.model, rows), measured, trial, "both")
      shared[item.name] = ready
      return simulations.reduce(
        try ready + run(try simulations.ofRows(measured.model, rows), measured, trial, part))
    case .data(let reduce):
      return reduce(rows)
    case .closedForm(let body):
      return body(measured.parameters.map(\.values))
    case .minibatches(let variance):
      return try measure(
        variance, on: rows.heldOut, columns: rows.dimension, measured.parameters,
        keys: variance.loss.streams.map { ($0, trial.key(TrialStreams.variance($0, part))) },
        order: trial.key(TrialStreams.variance("rows", part)))
    }
  }

  private func run(
    _ simulations: [Simulation], _ measured: Measured, _ trial: Trial, _ part: String
  ) throws -> [SimulationResult] {
    try simulations.map {
      try run(
        $0, measured, keys: $0.streams.map { ($0, trial.key(TrialStreams.simulation($0, part))) })
    }
  }

  private func run(
    _ simulation: Simulation, _ measured: Measured, keys: [(stream: String, key: StreamKey)]
  ) throws -> SimulationResult {
    let inputs = SimulationInputs(
      parameters: measured.parameters, keys: keys, isStopped: limits.isStopped)
    let result = try SimulationPrograms(simulation, programs).run(inputs, idleCores: idleCores)
    guard let result else { throw TrialStopped() }
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
      simulation, measured,
      keys: simulation.streams.map { ($0, trial.key(TrialStreams.sampler($0))) })
    let samples = Samples(result, of: sampler, dimension: data.dimension)
    if record.outcome == .completed, samples.lostCount > 0 {
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
