import Execution
import Planning
import Randomness
import ScoreMatching
import Settings
import Synchronization

/// The arithmetic that trials take, counted from their compiled steps.
final class TrialCosts: Sendable {
  private let known = Mutex<[UInt64: Double]>([:])
  private let files: DataFiles
  private let programs: ProgramCache

  /// The settings that fix a step's program.
  private static let dependencies = [
    "data", "dimension", "model", "loss", "slices", "projection", "weighting", "training.batch",
    "training.optimizer", "training.clip", "training.ema",
  ]

  init(files: DataFiles, programs: ProgramCache) {
    self.files = files
    self.programs = programs
  }

  /// Floating-point operations of one training step's products; 0 for a closed form.
  func operationsPerStep(_ trial: Trial) -> Double {
    let key = trial.streamKey("cost", dependingOn: Self.dependencies)
    if let cost = known.withLock({ $0[key] }) { return cost }
    let cost = count(trial)
    known.withLock { $0[key] = cost }
    return cost
  }

  /// Floating-point operations of the whole training, early stopping left out.
  func operations(_ trial: Trial) -> Double {
    let steps = trial.settings.has("training.steps") ? trial.settings.real("training.steps") : 0
    return steps * operationsPerStep(trial)
  }

  private func count(_ trial: Trial) -> Double {
    guard let loss = TrainingLoss(trial.settings), let dimension = dimension(trial) else {
      return 0
    }
    let model = Models.make(trial.settings["model"] ?? .null, dimension: dimension)
    let minimisation = Minimisation(
      loss, of: model, Training(trial.settings["training"] ?? .null))
    let step = minimisation.step
    let program = programs.program(
      outputs: step.programOutputs, assignments: step.programAssignments,
      rowCount: minimisation.training.batch)
    // The update beside the products: about ten operations a parameter.
    return Double(program.productOperations) + 10 * Double(model.parameterCount)
  }

  private func dimension(_ trial: Trial) -> Int? {
    if let target = Targets.make(trial.settings) { return target.dimension }
    // A file that cannot be read fails when its trial runs, with the reason in its record.
    guard let data = try? TrialData(trial, files: files) else { return nil }
    return data.dimension
  }
}
