import Execution
import Expressions
import Kernels
import Planning
import Randomness
import Results
import ScoreMatching
import Settings

/// The training of one trial: its program, its memory, its batches.
final class Session<Scalar: ProgramScalar> {
  private let minimisation: Minimisation
  private let training: Training
  private let step: Step
  private let arena: Arena<Scalar>
  private let validation: Evaluator
  private let watched: String
  private let idleCores: IdleCores
  private var batches: Batches
  /// The parameters to report, in the model's order: the best on validation data, or the last.
  private(set) var best: [[Double]] = []

  init(
    _ trial: Trial, _ data: TrialData, _ minimisation: Minimisation, _ programs: ProgramCache,
    _ runner: TrialRunner
  ) throws {
    self.minimisation = minimisation
    training = minimisation.training
    idleCores = runner.idleCores
    let model = minimisation.model
    let loss = minimisation.loss
    let rowCount = data.train.count / data.dimension
    guard rowCount > 0 else { throw TrialFailure("the training data have no rows") }
    let step = minimisation.step
    self.step = step
    arena = try Arena(minimisation.program(of: step, programs))
    arena.bind(Minimisation.dataName, to: try RowData(data.train, columns: data.dimension))
    for stream in loss.streams { arena.setKey(stream, trial.key(TrialStreams.loss(stream))) }
    batches = Batches(
      key: trial.key(TrialStreams.batches), rowCount: rowCount, batch: training.batch)

    var generator = RandomGenerator(trial.key(TrialStreams.weights))
    let initial = try model.start(from: data.train, using: &generator)
    for state in step.states {
      switch state.initial {
      case .zeros:
        let count = state.shape.reduce(1, *)
        arena.setState(state.name, [Double](repeating: 0, count: count))
      case .parameter(let name):
        guard let index = model.parameters.firstIndex(where: { $0.name == name }) else {
          preconditionFailure("step: no parameter \(name)")
        }
        arena.setState(state.name, initial[index])
      }
    }

    let validationRows = data.validation.count / data.dimension
    watched = minimisation.watched
    let (items, extra) = minimisation.validation(
      target: data.target, rowCount: validationRows)
    validation = try Evaluator(
      items, extra: extra, of: model.subject, on: data.validation,
      keys: loss.streams.map { ($0, trial.key(TrialStreams.validation($0))) },
      programs: programs)
    try arena.give(try loss.furtherInputs(of: "train", data.train, trial, data, programs))
    try validation.give(
      try loss.furtherInputs(of: "validation", data.validation, trial, data, programs))
  }

  /// Bytes of the memory that it runs in, data left out.
  var arenaBytes: (step: Int, validation: Int) { (arena.byteCount, validation.arenaBytes) }

  /// The parameters as they stand, in the model's order: the running average where there is one.
  private var current: [[Double]] { step.evaluated.map(arena.state) }

  /// One step, on this core and on those that have nothing to do, as far as it is large enough.
  private func advance(_ number: Int) {
    let borrowed = idleCores.borrow(upTo: arena.program.usefulCores - 1)
    defer { idleCores.giveBack(borrowed) }
    // Where there is no memory for more cores, the step runs on those that have some.
    if borrowed > 0 { try? arena.prepare(cores: 1 + borrowed) }
    arena.run(indices: batches.indices, draw: UInt64(number), cores: 1 + borrowed)
  }

  /// Trains to the last step or until validation no longer falls; false where it was stopped.
  func train(until deadline: Deadline, _ record: inout TrialRecord) throws -> Bool {
    let clock = ContinuousClock()
    var course = Course()
    best = current
    let first = deadline.progress.earlier?.training.map { resume($0, &course, &record) } ?? 0
    for number in stride(from: first, through: training.stepCount, by: 1) {
      if number > first {
        if deadline.isStopped {
          deadline.progress.note { $0.training = state(after: number - 1, course, record) }
          return false
        }
        deadline.progress.keepNowAndThen {
          $0.training = state(after: number - 1, course, record)
        }
      }
      if number > 0 {
        if deadline.isLate, let limit = deadline.limits.seconds {
          record.outcome = Outcome(
            .timedOut, message: "stopped after \(number - 1) steps at the limit of \(limit) s")
          break
        }
        let before = clock.now
        batches.advance()
        for scalar in minimisation.scalars(at: number) {
          arena.setScalar(scalar.name, scalar.value)
        }
        advance(number)
        course.spent += seconds(before.duration(to: clock.now))
        record.steps = number
        course.loss = arena.scalarOutput("loss")
        course.norm = arena.scalarOutput("gradient_norm")
        guard course.loss.isFinite, course.norm.isFinite else {
          record.outcome = Outcome(
            .diverged,
            message: "the loss is \(course.loss) and its gradient's norm \(course.norm) at step "
              + "\(number); lower the learning rate, clip the gradient or add warm-up steps")
          break
        }
      }
      guard number % training.evaluateEvery == 0 || number == training.stepCount else { continue }
      let value = evaluate()
      record.curves.append(
        CurvePoint(
          step: number, trainingLoss: course.loss, validationLoss: value,
          gradientNorm: course.norm))
      guard let rule = training.earlyStopping else { continue }
      if value < course.watch.lowest - rule.minimumImprovement {
        course.watch.lowest = value
        course.watch.sinceLowest = 0
        best = current
      } else {
        course.watch.sinceLowest += 1
        if course.watch.sinceLowest >= rule.patience { break }
      }
    }
    if training.earlyStopping == nil { best = current }
    record.secondsPerStep = record.steps > 0 ? course.spent / Double(record.steps) : .nan
    return true
  }

  /// What changes from step to step beside the states.
  private struct Course {
    var watch = EarlyStoppingWatch()
    /// The loss and the gradient's norm of the last step.
    var (loss, norm) = (Double.nan, Double.nan)
    /// Seconds spent on steps.
    var spent = 0.0
  }

  private func state(after step: Int, _ course: Course, _ record: TrialRecord) -> TrainingState {
    let states = self.step.states.map { ($0.name, Exact(wrappedValue: arena.state($0.name))) }
    return TrainingState(
      step: step, states: Dictionary(uniqueKeysWithValues: states), batches: batches.place,
      best: best.map { Exact(wrappedValue: $0) }, watch: course.watch,
      last: [course.loss, course.norm], spent: course.spent, curves: CurveState(record.curves))
  }

  /// Takes up where an earlier run was.
  ///
  /// - Returns: the number of the next step.
  private func resume(
    _ state: TrainingState, _ course: inout Course, _ record: inout TrialRecord
  ) -> Int {
    for (name, values) in state.states { arena.setState(name, values.wrappedValue) }
    batches.move(to: state.batches)
    best = state.best.map(\.wrappedValue)
    course = Course(
      watch: state.watch, loss: state.last[0], norm: state.last[1], spent: state.spent)
    record.steps = state.step
    record.curves = state.curves.points
    return state.step + 1
  }

  private func evaluate() -> Double {
    validation.run(
      parameters: zip(minimisation.model.parameters, current).map { ($0.name, $1) },
      scalars: minimisation.loss.scalars)
    return validation.value(watched)
  }
}
