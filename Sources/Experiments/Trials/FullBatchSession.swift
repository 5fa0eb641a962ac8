import Execution
import Expressions
import Kernels
import Planning
import Randomness
import Results
import ScoreMatching
import Settings

/// The fit of one trial over all its rows at once: L-BFGS asks, the program over all rows answers.
///
/// The parameters are kept in Double whatever the precision; values and gradients come in the trial's own.
final class FullBatchSession<Scalar: ProgramScalar> {
  private let fit: FullBatch
  private let arena: Arena<Scalar>
  private let validation: Evaluator
  private let idleCores: IdleCores
  private let rows: [Double]
  private var generator: RandomGenerator
  private var minimiser: LBFGS

  init(
    _ trial: Trial, _ data: TrialData, _ fit: FullBatch, _ programs: ProgramCache,
    _ runner: TrialRunner
  ) throws {
    self.fit = fit
    idleCores = runner.idleCores
    let (model, loss, d) = (fit.model, fit.loss, data.dimension)
    guard !data.train.isEmpty else { throw TrialFailure("the training data have no rows") }
    arena = try Arena(fit.program(rowCount: data.train.count / d, programs))
    arena.bind(Minimisation.dataName, to: try RowData(data.train, columns: d))
    for stream in loss.streams { arena.setKey(stream, trial.key(TrialStreams.loss(stream))) }
    for scalar in loss.scalars { arena.setScalar(scalar.name, scalar.value) }
    rows = data.train
    generator = RandomGenerator(trial.key(TrialStreams.weights))
    minimiser = fit.minimiser(
      from: try model.start(from: data.train, using: &generator).flatMap { $0 },
      isSingle: Scalar.self == Float.self)
    validation = try Evaluator(
      [], extra: [loss.validation(of: model, rowCount: data.validation.count / d)],
      of: model.subject, on: data.validation,
      keys: loss.streams.map { ($0, trial.key(TrialStreams.validation($0))) },
      programs: programs)
    try arena.give(try loss.furtherInputs(of: "train", data.train, trial, data, programs))
    try validation.give(
      try loss.furtherInputs(of: "validation", data.validation, trial, data, programs))
  }

  /// Bytes of the memory that it runs in, data left out.
  var arenaBytes: (step: Int, validation: Int) { (arena.byteCount, validation.arenaBytes) }

  /// The parameters of the last iteration, in the model's order.
  var best: [[Double]] { fit.parts(minimiser.point) }

  /// Whether the gradient's norm is at or below the tolerance.
  var hasConverged: Bool { minimiser.request == .stop(.converged) }

  /// The loss over all rows and its gradient, the mean over the draws, which are the same at every call.
  private func evaluate(_ point: [Double]) -> (value: Double, gradient: [Double]) {
    let parameters = fit.model.parameters
    for (parameter, values) in zip(parameters, fit.parts(point)) {
      arena.setState(parameter.name, values)
    }
    let borrowed = idleCores.borrow(upTo: arena.program.usefulCores - 1)
    defer { idleCores.giveBack(borrowed) }
    // Where there is no memory for more cores, it runs on those that have some.
    if borrowed > 0 { try? arena.prepare(cores: 1 + borrowed) }
    var value = 0.0
    var gradient = [Double](repeating: 0, count: point.count)
    for draw in 1...fit.drawCount {
      arena.run(draw: UInt64(draw), cores: 1 + borrowed)
      value += arena.scalarOutput(FullBatch.lossName)
      var place = 0
      for parameter in parameters {
        for element in arena.output(FullBatch.gradientName(parameter)) {
          gradient[place] += element
          place += 1
        }
      }
    }
    let count = Double(fit.drawCount)
    return (value / count, gradient.map { $0 / count })
  }

  /// Iterates to the tolerance or the cap from each start, and keeps the best; false where it was stopped.
  func train(until deadline: Deadline, _ record: inout TrialRecord) throws -> Bool {
    var course = FullBatchState.Course()
    if let earlier = deadline.progress.earlier?.fullBatch {
      for _ in 1..<earlier.course.start {
        _ = try fit.model.start(from: rows, using: &generator)  // drawn before
      }
      course = earlier.course
      minimiser = earlier.current.minimiser
      record.curves = earlier.current.curves.points
    }
    for start in course.start...fit.startCount {
      if start > course.start {
        course.start = start
        minimiser = fit.minimiser(
          from: try fit.model.start(from: rows, using: &generator).flatMap { $0 },
          isSingle: Scalar.self == Float.self)
        record.curves = []
      }
      guard let isLate = descend(until: deadline, &course, &record) else { return false }
      course.iterations += minimiser.iterations
      if course.kept.map({ isBetter(minimiser, than: $0.minimiser) }) ?? true {
        course.kept = end(record)
      }
      if isLate, let limit = deadline.limits.seconds {
        let place = fit.startCount > 1 ? " of start \(start) of \(fit.startCount)" : ""
        record.outcome = Outcome(
          .timedOut,
          message:
            "stopped after \(minimiser.iterations) iterations\(place) at the limit of \(limit) s")
        break
      }
    }
    if let kept = course.kept { (minimiser, record.curves) = (kept.minimiser, kept.curves.points) }
    if record.outcome.status == .completed, case .stop(let reason) = minimiser.request {
      record.outcome = outcome(reason)
    }
    record.steps = minimiser.iterations
    record.secondsPerStep =
      course.iterations > 0 ? course.spent / Double(course.iterations) : .nan
    return true
  }

  /// One start to its end; whether it was cut short by the limit of time, nil where it was stopped.
  private func descend(
    until deadline: Deadline, _ course: inout FullBatchState.Course, _ record: inout TrialRecord
  ) -> Bool? {
    let clock = ContinuousClock()
    while case .evaluate(let point) = minimiser.request {
      if deadline.isStopped {
        deadline.progress.note {
          $0.fullBatch = FullBatchState(course: course, current: end(record))
        }
        return nil
      }
      deadline.progress.keepNowAndThen {
        $0.fullBatch = FullBatchState(course: course, current: end(record))
      }
      if deadline.isLate { return true }
      let before = clock.now
      let iterations = minimiser.iterations
      let (value, gradient) = evaluate(point)
      minimiser.take(value: value, gradient: gradient)
      course.spent += seconds(before.duration(to: clock.now))
      if minimiser.evaluations == 1 || minimiser.iterations > iterations { keep(&record) }
    }
    return false
  }

  private func end(_ record: TrialRecord) -> FullBatchState.Descent {
    FullBatchState.Descent(minimiser: minimiser, curves: CurveState(record.curves))
  }

  /// A loss without a minimum falls furthest where the density degenerates: such an end is the worst.
  private func isBetter(_ one: LBFGS, than other: LBFGS) -> Bool {
    let (isSound, isOtherSound) = (self.isSound(one), self.isSound(other))
    return isSound == isOtherSound
      ? one.value < other.value || (other.value.isNaN && !one.value.isNaN) : isSound
  }

  private func isSound(_ end: LBFGS) -> Bool {
    end.value.isFinite
      && (end.request == .stop(.converged) || fit.model.collapse(at: fit.parts(end.point)) == nil)
  }

  private func keep(_ record: inout TrialRecord) {
    validation.run(
      parameters: zip(fit.model.parameters, best).map { ($0.name, $1) }, scalars: fit.loss.scalars)
    record.curves.append(
      CurvePoint(
        step: minimiser.iterations, trainingLoss: minimiser.value,
        validationLoss: validation.value(EarlyStopping.validationLossName),
        gradientNorm: minimiser.gradientNorm))
  }

  /// Short of the tolerance a trial is complete all the same, and says what is missing.
  private func outcome(_ reason: LBFGS.Reason) -> Outcome {
    let norm =
      "the gradient's norm is \(minimiser.gradientNorm), above the tolerance of "
      + "\(fit.tolerance)"
    if reason == .iterationLimit || reason == .noProgress,
      let collapse = fit.model.collapse(at: best)
    {
      return Outcome(
        .completed,
        message: "\(FullBatch.notConverged) after \(minimiser.iterations) iterations: \(collapse)")
    }
    switch reason {
    case .converged: return .completed
    case .iterationLimit:
      return Outcome(
        .completed,
        message:
          "\(FullBatch.notConverged) at the cap of \(fit.iterationLimit) iterations: \(norm); "
          + "raise lbfgs.iterations")
    case .noProgress:
      let remedy = Scalar.self == Float.self ? "use precision float64 or " : ""
      return Outcome(
        .completed,
        message: "\(FullBatch.notConverged) where rounding hides further progress: \(norm); "
          + "\(remedy)raise lbfgs.tolerance")
    case .notFinite:
      return Outcome(
        .diverged,
        message: "the loss is \(minimiser.value) and its gradient's norm "
          + "\(minimiser.gradientNorm) after \(minimiser.iterations) iterations; start from other "
          + "parameters")
    }
  }
}
