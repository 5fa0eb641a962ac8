import Execution
import Expressions
import Kernels
import Planning
import Results
import ScoreMatching
import Settings

extension ClosedForm {
  /// What it compiles: the normal equations, then what the standard errors need.
  func programs(_ programs: ProgramCache) -> [Program] {
    [normalEquations, scatter].map { outputs in
      programs.program(outputs: outputs.map { ($0.name, $0.value) }, rowCount: rowCount)
    }
  }
}

extension TrialRunner {
  /// Solves for the minimum of a quadratic loss and measures it; stopped between its two passes.
  func solve(
    _ trial: Trial, _ data: TrialData, _ deadline: Deadline, _ record: inout TrialRecord
  ) throws -> Bool {
    let settings = trial.settings
    let made = Models.make(for: settings, dimension: data.dimension)
    guard let loss = TrainingLoss(settings), let model = made as? ExponentialFamily else {
      throw TrialFailure("the loss or the model has no closed form; use \"fit\": \"minibatch\"")
    }
    let rowCount = data.train.count / data.dimension
    guard rowCount > 1 else { throw TrialFailure("standard errors need two training rows") }
    guard model.parameterCount <= ClosedForm.parameterLimit else {
      throw TrialFailure(
        "\(model.parameterCount) parameters are more than the \(ClosedForm.parameterLimit) that one "
          + "linear system is solved for; use fewer columns or statistics")
    }
    record.parameterCount = model.parameterCount
    record.architecture = model.architecture
    record.architectureAttributes = model.structure.map(Attribute.init)
    let problem = ClosedForm(loss, of: model, rowCount: rowCount)
    let rows = try RowData<Double>(data.train, columns: data.dimension)
    let exact = try data.target.flatMap { target in
      try loss.needsTargetScore
        ? RowData<Double>(target.scores(of: data.train, programs), columns: data.dimension) : nil
    }
    func run(_ program: Program, at theta: [Double]?) throws -> Arena<Double> {
      try deadline.check()
      let arena = try Arena<Double>(program)
      for input in program.rowInputs {
        arena.bind(input.name, to: input.name == Minimisation.targetName ? exact ?? rows : rows)
      }
      for stream in loss.streams { arena.setKey(stream, trial.key(TrialStreams.loss(stream))) }
      for scalar in loss.scalars { arena.setScalar(scalar.name, scalar.value) }
      if let theta { arena.setState(ExponentialFamily.parameterName, theta) }
      arena.run()
      return arena
    }
    let solving = problem.programs(programs)
    let equations = try run(solving[0], at: nil)
    let quadratic: Quadratic
    do {
      quadratic = try Quadratic(
        hessian: equations.output("hessian"), count: model.parameterCount)
    } catch {
      throw TrialFailure(
        "no unique minimum: \(error.sentence(model)); use more rows or fewer statistics")
    }
    let theta = quadratic.minimiser(gradient: equations.output("gradient"))
    let spread = try run(solving[1], at: theta)
    let errors = quadratic.standardErrors(scatter: spread.output("scatter"), rowCount: rowCount)
    let errorName = ScoreMatching.Metric.standardErrorName(ExponentialFamily.parameterName)
    record.parameters = [
      NamedArray(
        ExponentialFamily.parameterName, shape: [theta.count], values: .float64(theta)),
      NamedArray(errorName, shape: [errors.count], values: .float64(errors)),
    ]
    record.curves = [
      CurvePoint(
        step: 0, trainingLoss: spread.scalarOutput("loss"), validationLoss: .nan,
        gradientNorm: .nan)
    ]
    try measure(
      trial, data, model.subject,
      [(ExponentialFamily.parameterName, theta), (errorName, errors)], deadline,
      &record)
    return true
  }
}

extension QuadraticError {
  /// The reason, with the statistic's name where it is about one.
  fileprivate func sentence(_ model: ExponentialFamily) -> String {
    if case .notConvex(let parameter) = self {
      return "the loss does not rise along the parameter of \(model.statisticNames[parameter])"
    }
    return description
  }
}
