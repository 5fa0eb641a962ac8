import Dispatch
import Execution
import Planning
import ScoreMatching
import Settings

/// Predicts what trials ask of the machine, once for each configuration.
final class TrialDemands: Sendable {
  /// Trials that ask the same, together.
  struct Groups: Sendable {
    /// What the trials of each group ask.
    var demands: [TrialDemand]
    /// The group of each trial.
    var group: [Int]
    /// How many kinds of trials there are, and how many were predicted one by one.
    var kinds: (count: Int, sampled: Int)
  }

  private let runner: TrialRunner
  private let known = Locked<[TrialStructure: ProgramDemand]>([:])
  /// Of data that have to be read and prepared to be counted.
  private let shapes = Locked<[UInt64: DataShape]>([:])

  /// Predictions for the trials of a runner, with its programs.
  init(_ runner: TrialRunner) { self.runner = runner }

  /// Structures above which a forecast compiles the programs of some only: about a second's work.
  static let sampleSize = 400

  /// The demands of trials, in their order.
  func demands(of trials: [Trial], jobs: Int) -> [TrialDemand] {
    let groups = groups(of: trials, jobs: jobs)
    return groups.group.map { groups.demands[$0] }
  }

  /// The trials by what they ask; groups stand in the order of their first trials.
  ///
  /// What is compiled for it is what the trials run, so nothing is compiled twice; several cores do
  /// it, or the first trial of a large sweep would wait for all programs to be compiled on one.
  ///
  /// - Parameter sample: how many structures are predicted one by one; of more, evenly spaced ones are,
  ///   and each of the others is taken for the nearest of them.
  func groups(of trials: [Trial], jobs: Int, sample: Int = .max) -> Groups {
    struct Key: Hashable {
      var structure: Int
      var length: TrainingLength
    }
    var structures: [TrialStructure: Int] = [:]  // looked up only
    var indices: [Key: Int] = [:]  // looked up only
    var firsts: [(structure: TrialStructure, trial: Int)] = []
    var groups: [Key] = []
    var alike: [TrialLikeness: Int] = [:]  // looked up only
    let group = trials.indices.map { place in
      let likeness = trials[place].likeness(ignoring: TrialStructure.irrelevantPaths)
      if let known = alike[likeness] { return known }
      let settings = trials[place].settings
      let structure = TrialStructure(settings)
      let index = structures[structure] ?? firsts.count
      if index == firsts.count {
        structures[structure] = index
        firsts.append((structure, place))
      }
      let key = Key(structure: index, length: TrainingLength(settings))
      let found = indices[key] ?? groups.count
      if found == groups.count {
        indices[key] = found
        groups.append(key)
      }
      alike[likeness] = found
      return found
    }
    let count = min(sample, firsts.count)
    // The middle of each of `count` stretches of equal length stands for the stretch.
    let sampled = (0..<count).map { (2 * $0 + 1) * firsts.count / (2 * count) }
    let demands = demands(
      of: sampled.map { (firsts[$0].structure, trials[firsts[$0].trial]) }, jobs: jobs)
    let programs = firsts.indices.map { demands[$0 * count / firsts.count] }
    return Groups(
      demands: groups.map { TrialDemand(programs: programs[$0.structure], length: $0.length) },
      group: group, kinds: (firsts.count, count))
  }

  private func demands(
    of structures: [(structure: TrialStructure, trial: Trial)], jobs: Int
  ) -> [ProgramDemand] {
    let new = known.withLock { known in structures.filter { known[$0.structure] == nil } }
    let next = Locked(0)
    DispatchQueue.concurrentPerform(iterations: min(jobs, new.count)) { _ in
      while let place = next.withLock({ next in
        defer { next += 1 }
        return next < new.count ? next : nil
      }) {
        let demand = predict(new[place].trial)
        known.withLock { $0[new[place].structure] = demand }
      }
    }
    return known.withLock { known in structures.map { known[$0.structure] ?? ProgramDemand() } }
  }

  private func predict(_ trial: Trial) -> ProgramDemand {
    let settings = trial.settings
    let target = Targets.make(settings)
    if let ascent = LikelihoodAscent(settings) { return predict(ascent, settings) }
    // A file that cannot be read fails when its trial runs, with the reason in its record.
    var data: DataShape
    do {
      data = try shape(trial, target)
    } catch {
      return ProgramDemand(failure: error.message)
    }
    if settings.has("sampler") { data.trial = settings }
    let metrics = runner.items(settings, target)
    let points = PointArrays(settings, data, metrics: runner.metrics, items: metrics)
    guard points.bytes <= PointArrays.largestPredicted else { return points.demand(data) }
    var demand = ProgramDemand()
    let programs: TrialPrograms
    var stepCount = 1.0  // runs of the program in a step
    if let loss = TrainingLoss(settings) {
      let model = Models.make(for: settings, dimension: data.dimension)
      if settings.text("fit.type") == ClosedForm.declaration.name {
        guard let family = model as? ExponentialFamily else { return ProgramDemand() }
        return predict(
          ClosedForm(loss, of: family, rowCount: data.train), data, target, metrics)
      }
      demand.isDouble = settings.text("precision") == "float64"
      if settings["fit.type"] == .text(Fits.fullBatch) {
        let fit = FullBatch(loss, of: model, settings["lbfgs"] ?? .null)
        programs = TrialPrograms(of: fit, data, target: target, metrics: metrics, runner.programs)
        demand.memory =
          demand.isDouble
          ? TrialMemory(of: fit, data, programs, Double.self)
          : TrialMemory(of: fit, data, programs, Float.self)
        stepCount = Double(fit.drawCount * fit.startCount)
      } else {
        let minimisation = Minimisation(loss, of: model, Training(settings["training"] ?? .null))
        programs = TrialPrograms(
          of: minimisation, data, target: target, metrics: metrics, runner.programs)
        demand.memory =
          demand.isDouble
          ? TrialMemory(of: minimisation, data, programs, Double.self)
          : TrialMemory(of: minimisation, data, programs, Float.self)
      }
    } else if let target, settings.text("loss.type") == Losses.exactName {
      programs = TrialPrograms(ofExact: target, data, metrics: metrics, runner.programs)
      demand.memory = TrialMemory(ofExact: data, programs)
    } else {
      programs = TrialPrograms(ofGaussianFitTo: data, metrics: metrics, runner.programs)
      demand.memory = TrialMemory(ofGaussianFitTo: data, programs)
    }
    demand.memory.hold(data, isRead: target == nil)
    if let sampler = Samplers.make(settings) {
      // Kept from the sampler's end to the record's.
      demand.memory.data +=
        sampler.chains.count * data.dimension * MemoryLayout<Double>.stride
    }
    demand.step = stepCount * (programs.training?.step.work ?? 0)
    demand.stepCores = programs.training?.step.usefulCores ?? 1
    demand.evaluation = programs.training?.validation.program.work ?? 0
    demand.once = programs.exactScores.map(\.work)
    demand.measuring = programs.metrics.map(\.work)
    return demand
  }

  private func predict(
    _ problem: ClosedForm, _ data: DataShape, _ target: (any Target)?, _ metrics: [Evaluator.Item]
  ) -> ProgramDemand {
    // A system that is not solved is not compiled: its trial fails, with the reason in its record.
    guard problem.parameterCount <= ClosedForm.parameterLimit else { return ProgramDemand() }
    let programs = TrialPrograms(
      of: problem, data, target: target, metrics: metrics, runner.programs)
    var demand = ProgramDemand()
    demand.isDouble = true
    demand.memory = TrialMemory(of: problem, data, programs)
    demand.memory.hold(data, isRead: target == nil)
    let works = (programs.exactScores + programs.solving).map(\.work)
    let k = Double(problem.parameterCount)
    // The solver's plain loops make about a tenth of the operations of a product in the same time.
    demand.once = works + [10 * 4 * k * k * k]
    demand.measuring = programs.metrics.map(\.work)
    return demand
  }

  private func predict(_ ascent: LikelihoodAscent, _ settings: SettingValue) -> ProgramDemand {
    let items = runner.items(settings, nil)
    let (n, d, p) = (
      ascent.observationCount, ascent.simulator.dimension, ascent.simulator.parameterCount
    )
    var demand = ProgramDemand()
    demand.isDouble = true
    demand.step = ascent.stepWork
    if let count = ascent.informationCount { demand.once = [ascent.informationWork(count)] }
    let extents = MetricExtents(rowCount: 0, sampleCount: 0, dimension: d)
    demand.measuring = items.map { item in
      switch item.metric.quantity {
      case .data(let work, _): work(extents)
      case .closedForm(let work, _): work
      case .mean, .rows, .minibatches, .simulations: 0
      }
    }
    let asked = runner.metrics.filter { said in items.contains { $0.name == said.name } }
      .flatMap { said in
        ["simulations", "rows"].filter(said.settings.has).map { said.settings.integer($0) }
      }
    demand.memory = TrialMemory(
      of: ascent, measuring: asked.max() ?? 0,
      network: ascent.network.map {
        $0.step(rowCount: ascent.simulationCount).program(ascent.simulationCount, runner.programs)
      })
    demand.memory.hold(
      DataShape(dimension: d, train: n, validation: 0, test: 0), isRead: false)
    demand.memory.best = (p * p + 2 * p) * MemoryLayout<Double>.stride
    return demand
  }

  private func shape(_ trial: Trial, _ target: (any Target)?) throws(TrialFailure) -> DataShape {
    if let target {
      let settings = trial.settings
      return DataShape(
        dimension: target.dimension, train: settings.integer("data.train"),
        validation: settings.integer("data.validation"), test: settings.integer("data.test"))
    }
    // Repeats differ in the order of the rows alone.
    let key = trial.streamKey("data shape", dependingOn: ["data"])
    if let shape = shapes.withLock({ $0[key] }) { return shape }
    let data = try TrialData(trial, files: runner.files)
    let d = data.dimension
    let shape = DataShape(
      dimension: d, train: data.train.count / d, validation: data.validation.count / d,
      test: data.test.count / d)
    shapes.withLock { $0[key] = shape }
    return shape
  }
}

extension TrainingLength {
  /// The length that the settings of a trial allow.
  init(_ settings: SettingValue) {
    if settings.has("lbfgs.iterations") {
      // Each iteration is looked at, and any may be the last.
      (steps, evaluateEvery, patience) = (settings.integer("lbfgs.iterations"), 1, 1)
    }
    if settings.has("ascent.steps") {
      steps = settings.integer("ascent.steps")
      evaluateEvery = max(1, steps)
    }
    guard settings.has("training.steps") else { return }
    steps = settings.integer("training.steps")
    evaluateEvery = settings.integer("training.evaluate_every")
    if settings.has("training.early_stopping") {
      patience = settings.integer("training.early_stopping.patience")
    }
  }
}
