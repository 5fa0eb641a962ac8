import Dispatch
import Execution
import Planning
import ScoreMatching
import Settings

/// What a trial asks of the machine, known before it runs.
struct TrialDemand: Sendable, Equatable {
  /// Floating-point operations of one training step; 0 for a closed form.
  var operationsPerStep = 0.0
  /// Training steps, early stopping left out.
  var steps = 0.0
  /// Memory.
  var memory = TrialMemory()

  /// Floating-point operations of the whole training.
  var operations: Double { steps * operationsPerStep }
  /// The most memory at one time, in bytes.
  var bytes: Int { memory.peak }
}

/// Predicts what trials ask of the machine, once for each configuration.
final class TrialDemands: Sendable {
  private let runner: TrialRunner
  private let known = Locked<[UInt64: TrialDemand]>([:])
  /// Of data that have to be read and prepared to be counted.
  private let shapes = Locked<[UInt64: DataShape]>([:])

  /// The settings that fix a trial's programs.
  private static let dependencies = [
    "data", "dimension", "model", "loss", "slices", "projection", "weighting", "training.batch",
    "training.optimizer", "training.clip", "training.ema", "training.early_stopping", "precision",
  ]

  /// Predictions for the trials of a runner, with its programs.
  init(_ runner: TrialRunner) { self.runner = runner }

  /// The demands of trials, in their order.
  ///
  /// What is compiled for it is what the trials run, so nothing is compiled twice; several cores do
  /// it, or the first trial of a large sweep would wait for all programs to be compiled on one.
  func demands(of trials: [Trial], jobs: Int) -> [TrialDemand] {
    let keys = trials.map { $0.streamKey("demand", dependingOn: Self.dependencies) }
    var seen: Set<UInt64> = []
    let new = known.withLock { known in
      trials.indices.filter { known[keys[$0]] == nil && seen.insert(keys[$0]).inserted }
    }
    let next = Locked(0)
    DispatchQueue.concurrentPerform(iterations: min(jobs, new.count)) { _ in
      while let place = next.withLock({ next in
        defer { next += 1 }
        return next < new.count ? new[next] : nil
      }) {
        let demand = predict(trials[place])
        known.withLock { $0[keys[place]] = demand }
      }
    }
    return known.withLock { known in
      zip(trials, keys).map { trial, key in
        var demand = known[key] ?? TrialDemand()
        let settings = trial.settings
        demand.steps = settings.has("training.steps") ? settings.real("training.steps") : 0
        return demand
      }
    }
  }

  /// The demand of one step and the memory of a trial.
  private func predict(_ trial: Trial) -> TrialDemand {
    let settings = trial.settings
    let target = Targets.make(settings)
    // A file that cannot be read fails when its trial runs, with the reason in its record.
    guard let data = shape(trial, target) else { return TrialDemand() }
    var demand = TrialDemand()
    let metrics = runner.items(trial, target)
    if let loss = TrainingLoss(settings) {
      let model = Models.make(settings["model"] ?? .null, dimension: data.dimension)
      let minimisation = Minimisation(
        loss, of: model, Training(settings["training"] ?? .null))
      // The update beside the products: about ten operations a parameter.
      demand.operationsPerStep =
        Double(minimisation.program(of: minimisation.step, runner.programs).productOperations)
        + 10 * Double(model.parameterCount)
      demand.memory =
        settings.text("precision") == "float64"
        ? TrialMemory(
          of: minimisation, data, target: target, metrics: metrics, Double.self, runner.programs)
        : TrialMemory(
          of: minimisation, data, target: target, metrics: metrics, Float.self, runner.programs)
    } else {
      demand.memory = TrialMemory(ofGaussianFitTo: data, metrics: metrics, runner.programs)
    }
    demand.memory.hold(data, isRead: target == nil)
    return demand
  }

  private func shape(_ trial: Trial, _ target: (any Target)?) -> DataShape? {
    if let target {
      let settings = trial.settings
      return DataShape(
        dimension: target.dimension, train: settings.integer("data.train"),
        validation: settings.integer("data.validation"), test: settings.integer("data.test"))
    }
    // Repeats differ in the order of the rows alone.
    let key = trial.streamKey("data shape", dependingOn: ["data"])
    if let shape = shapes.withLock({ $0[key] }) { return shape }
    guard let data = try? TrialData(trial, files: runner.files) else { return nil }
    let d = data.dimension
    let shape = DataShape(
      dimension: d, train: data.train.count / d, validation: data.validation.count / d,
      test: data.test.count / d)
    shapes.withLock { $0[key] = shape }
    return shape
  }
}
