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
    var derived: DerivedNumbers?

    /// What a program with these states is given.
    func parameters(for states: [String]) -> [(name: String, values: [Double])] {
      guard let derived, states.contains(where: derived.names.contains) else { return parameters }
      return parameters + derived.numbers
    }
  }

  /// What is the same for every part of the data, by the metrics' names.
  private struct Shared {
    var simulations: [String: [SimulationResult]] = [:]
    var values: [String: Double] = [:]
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
    _ record: inout TrialRecord, derived: DerivedNumbers? = nil
  ) throws {
    let measured = Measured(
      model: model, parameters: parameters, deadline: deadline, derived: derived)
    var isLate = false
    var samples: Samples?
    do { samples = try sample(trial, data, measured, &record) } catch is TrialTimedOut {
      isLate = true
    }
    let items = items(trial.settings, data.target)
    var shared = Shared()
    var remarks = MetricRemarks()
    for (part, rows) in [("test", data.test), ("validation", data.validation)] {
      let rows = MetricData(
        dimension: data.dimension, train: data.train, heldOut: rows, target: data.target,
        samples: samples, generator: RandomGenerator(trial.key(TrialStreams.generator(part))),
        checkpoint: deadline.check)
      for item in items where !isLate || item.metric.isOnePass {
        if deadline.isStopped { throw TrialStopped() }
        let value: Double
        let hindrance = item.metric.hindrance(model, parameters.map(\.values))
        var remark = hindrance
        do {
          value =
            try hindrance == nil
            ? known(item, part, deadline.progress, &remark) { remark in
              try self.value(of: item, measured, rows, part, trial, &shared, &remark)
            } : .nan
        } catch is TrialTimedOut {
          isLate = true
          continue
        }
        if let remark { remarks.add(remark, of: item.name, isHindrance: hindrance != nil) }
        let isTest = part == "test"
        let metric = Results.Metric(
          (isTest ? "" : "validation_") + item.name, value, unit: item.metric.unit,
          longName: item.metric.longName + (isTest ? "" : ", on validation data"))
        record.metrics.append(metric)
        if record.outcome.status == .completed, hindrance == nil, !value.isFinite {
          record.outcome = Outcome(.diverged, message: measured.sentence(metric, record.steps))
        }
      }
    }
    if record.outcome.status == .completed, !remarks.text.isEmpty {
      let earlier = record.outcome.message.isEmpty ? "" : "\(record.outcome.message); "
      record.outcome.message = earlier + remarks.text
    }
    if isLate { throw TrialTimedOut() }
  }

  /// A metric's value: what an earlier run found, else what is computed now.
  func known(
    _ item: Evaluator.Item, _ part: String, _ progress: TrialProgress, _ remark: inout String?,
    _ compute: (inout String?) throws -> Double
  ) throws -> Double {
    let name = "\(part)/\(item.name)"
    if let known = progress.metric(name) {
      remark = known.remark
      return known.value[0]
    }
    let value = try compute(&remark)
    progress.note(MetricState(value: [value], remark: remark), of: name)
    progress.forgetWay(to: name)
    progress.keepNowAndThen { _ in }
    return value
  }

  private func value(
    of item: Evaluator.Item, _ measured: Measured, _ rows: MetricData, _ part: String,
    _ trial: Trial, _ shared: inout Shared, _ remark: inout String?
  ) throws -> Double {
    switch item.metric.quantity {
    case .mean, .rows:
      let evaluator = try Evaluator(
        [item], of: measured.model, on: rows.heldOut, keys: metricKeys(trial, part),
        programs: programs)
      evaluator.run(
        parameters: measured.parameters(for: evaluator.stateNames),
        scalars: TrainingLoss(trial.settings)?.scalars ?? [])
      return evaluator.value(item)
    case .simulations(let simulations):
      let name = simulations.sharedName ?? item.name
      let ready =
        try shared.simulations[name]
        ?? run(try simulations.shared(measured.model, rows), of: name, measured, trial, "both")
      shared.simulations[name] = ready
      let results =
        try ready
        + run(try simulations.ofRows(measured.model, rows), of: item.name, measured, trial, part)
      remark = simulations.caution(results)
      return simulations.reduce(results)
    case .data(_, let reduce):
      return try reduce(rows)
    case .closedForm(_, let body):
      let value = shared.values[item.name] ?? body(measured.parameters.map(\.values))
      shared.values[item.name] = value
      return value
    case .minibatches(let variance):
      return try measure(
        variance, on: rows.heldOut, columns: rows.dimension, measured.parameters,
        keys: variance.loss.streams.map { ($0, trial.key(TrialStreams.variance($0, part))) },
        order: trial.key(TrialStreams.variance("rows", part)), as: "\(part)/\(item.name)",
        until: measured.deadline)
    }
  }

  private func run(
    _ simulations: [Simulation], of name: String, _ measured: Measured, _ trial: Trial,
    _ part: String
  ) throws -> [SimulationResult] {
    try simulations.enumerated().map { number, simulation in
      try run(
        simulation, named: "\(part)/\(name)/\(number)", measured,
        keys: simulation.streams.map { ($0, trial.key(TrialStreams.simulation($0, part))) })
    }
  }

  private func run(
    _ simulation: Simulation, named name: String, _ measured: Measured,
    keys: [(stream: String, key: StreamKey)]
  ) throws -> SimulationResult {
    let deadline = measured.deadline
    let compiled = SimulationPrograms(simulation, programs)
    let inputs = SimulationInputs(
      parameters: measured.parameters(for: compiled.programs.flatMap(\.stateNames)), keys: keys,
      isStopped: { deadline.isStopped || deadline.isLate },
      progress: SimulationProgress(name: name, of: deadline.progress))
    let result = try compiled.run(inputs, idleCores: idleCores)
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
    let sampler = Samplers.make(trial.settings, rows: data.train, dimension: data.dimension)
    guard let sampler else { return nil }
    var generator = RandomGenerator(trial.key(TrialStreams.samplerStart))
    let simulation = sampler.simulation(
      of: measured.model,
      from: try sampler.chains.draw(
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
    let number = "the metric \(metric.name) is \(metric.value)"
    if steps == 0 {
      return isFinite
        ? "\(number), although all parameters are finite; no steps were made"
        : "parameters are not finite, \(number)"
    }
    return isFinite
      ? "\(number); training itself ended well, the parameters after \(steps) steps are finite"
      : "parameters are not finite after \(steps) steps, \(number)"
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
