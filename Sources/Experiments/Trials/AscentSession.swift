import Execution
import Expressions
import Kernels
import Planning
import Randomness
import Results
import ScoreMatching
import Settings

/// The ascent of one simulator's likelihood: parameters, the optimiser's memory, the sum of iterates.
final class AscentSession {
  private let ascent: LikelihoodAscent
  private let observations: [Double]
  private let key: StreamKey
  private let estimation: FisherScoreEstimation?
  /// The optimiser's step and where it runs; nil for a method that has none.
  private let optimizer: (method: any Optimizer, step: Step, arena: Arena<Double>)?
  private var theta: [Double]
  private var state: AscentState
  /// The objective and the gradient's norm of the last step.
  private var last = (value: Double.nan, norm: Double.nan)

  init(
    _ ascent: LikelihoodAscent, _ trial: Trial, _ data: TrialData,
    _ estimation: FisherScoreEstimation?, _ programs: ProgramCache
  ) throws {
    self.ascent = ascent
    self.estimation = estimation
    observations = data.train
    key = trial.key(TrialStreams.simulations)
    theta = ascent.start
    state = AscentState(sum: ascent.start.map { _ in 0 })
    guard case .fisherScore(_, let method) = ascent.method else {
      optimizer = nil
      return
    }
    let step = LikelihoodAscent.step(method, parameterCount: ascent.simulator.parameterCount)
    let arena = try Arena<Double>(step.program(1, programs))
    for variable in step.states {
      let count = variable.shape.reduce(1, *)
      arena.setState(variable.name, [Double](repeating: 0, count: count))
    }
    arena.setState(LikelihoodAscent.parameterName, theta)
    optimizer = (method, step, arena)
  }

  /// The mean of the last iterates; the parameters as they stand where it did not come so far.
  var estimate: [Double] {
    state.summed == 0 ? theta : state.sum.map { $0 / Double(state.summed) }
  }

  /// Goes to the last step, from where an earlier run was.
  ///
  /// - Throws: ``TrialStopped`` where it was stopped; it has noted how far it was.
  func train(until deadline: Deadline, _ record: inout TrialRecord) throws {
    if let earlier = deadline.progress.earlier?.ascent { resume(earlier, &record) }
    let clock = ContinuousClock()
    for number in stride(from: state.step + 1, through: ascent.stepCount, by: 1) {
      deadline.progress.keepNowAndThen { $0.ascent = self.kept(record) }
      let before = clock.now
      do {
        try deadline.check()
        try advance(number)
      } catch is TrialStopped {
        deadline.progress.note { $0.ascent = self.kept(record) }
        throw TrialStopped()
      } catch is TrialTimedOut {
        record.outcome = Outcome(
          .timedOut,
          message: "stopped after \(state.step) steps at the limit of "
            + "\(deadline.limits.seconds ?? .nan) s")
        break
      } catch let error as QuadraticError {
        diverge(
          "no score at step \(number): \(error.sentence); lower the learning rate, use more simulations, or "
            + "a ridge", &record)
        break
      }
      state.step = number
      record.steps = number
      guard last.norm.isFinite, theta.allSatisfy(\.isFinite) else {
        diverge(
          "the gradient's norm is \(last.norm) at step \(number); lower the learning rate or the gain, "
            + "or give a step more simulations", &record)
        break
      }
      state.spent += seconds(before.duration(to: clock.now))
      if number > ascent.stepCount - ascent.averagedCount {
        state.sum = zip(state.sum, theta).map(+)
        state.summed += 1
      }
      guard number % interval == 0 || number == ascent.stepCount else { continue }
      record.curves.append(
        CurvePoint(
          step: number, trainingLoss: last.value, validationLoss: .nan, gradientNorm: last.norm))
    }
    record.secondsPerStep = state.step > 0 ? state.spent / Double(state.step) : .nan
    deadline.progress.note { $0.ascent = self.kept(record) }
  }

  private func diverge(_ message: String, _ record: inout TrialRecord) {
    record.outcome = Outcome(.diverged, message: message)
  }

  /// Steps between points of the curves: a hundred in all.
  private var interval: Int { max(1, ascent.stepCount / 100) }

  /// One step. What it draws depends on its number alone, so that it is the same after an interruption.
  private func advance(_ number: Int) throws {
    var generator = RandomGenerator(key, draw: UInt64(number))
    let gradient: [Double]
    switch ascent.method {
    case .fisherScore:
      guard let estimation, let optimizer else {
        preconditionFailure("ascent: Fisher score matching has no estimator")
      }
      let simulations = try estimation.matching.simulate(
        ascent.simulator, around: theta, count: ascent.simulationCount, using: &generator,
        checkpoint: estimation.checkpoint)
      let score = try estimation.score(from: simulations)
      gradient = try score.mean(
        over: observations, parameterCount: ascent.simulator.parameterCount)
      if number % interval == 0 || number == ascent.stepCount {
        last.value = simulations.objective(try score.ofRows(simulations.rows))
      }
      let arena = optimizer.arena
      arena.setState(LikelihoodAscent.gradientName, gradient.map { -$0 })
      for scalar in optimizer.method.scalars(at: number, of: ascent.stepCount) {
        arena.setScalar(scalar.name, scalar.value)
      }
      arena.run()
      theta = arena.state(LikelihoodAscent.parameterName)
    case .perturbation(let method):
      let found = method.gradient(
        of: ascent.simulator, at: theta, step: number, observations: observations,
        simulations: ascent.simulationCount, using: &generator)
      gradient = found.gradient
      last.value = -found.value
      let gain = method.gain(at: number, of: ascent.stepCount)
      theta = zip(theta, gradient).map { $0 + gain * $1 }
    }
    last.norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  private func kept(_ record: TrialRecord) -> AscentState {
    var kept = state
    kept.states = [LikelihoodAscent.parameterName: Exact(wrappedValue: theta)]
    if let optimizer {
      for variable in optimizer.step.states {
        kept.states[variable.name] = Exact(wrappedValue: optimizer.arena.state(variable.name))
      }
    }
    kept.curves = CurveState(record.curves)
    return kept
  }

  private func resume(_ earlier: AscentState, _ record: inout TrialRecord) {
    state = earlier
    for (name, values) in earlier.states { optimizer?.arena.setState(name, values.wrappedValue) }
    theta = earlier.states[LikelihoodAscent.parameterName]?.wrappedValue ?? theta
    record.steps = earlier.step
    record.curves = earlier.curves.points
  }
}

extension QuadraticError {
  /// The reason in the words of simulations, a clause.
  fileprivate var sentence: String {
    switch self {
    case .notFinite: "the simulations are not finite"
    case .notConvex(let feature): "feature \(feature) has a single value over the simulations"
    case .dependent: "the features depend on each other over the simulations"
    }
  }
}
