// Seen to fail with the slope k₃ taken at the step's beginning, σ for σ² before the divergence, σ for σ² in the
// moments at the largest scale, and every octave of a path begun anew at σ_min.
import Execution
import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct ProbabilityFlowTests {
  /// Carries out a simulation of at most one block.
  static func run(_ simulation: Simulation, key: UInt64 = 1) throws -> [String: [Double]] {
    var values: [String: [Double]] = [:]
    for variable in simulation.variables {
      switch variable.initial {
      case .fill(let value):
        values[variable.name] = [Double](
          repeating: value, count: simulation.count * variable.width)
      case .rows(let rows): values[variable.name] = rows
      }
    }
    for stage in simulation.stages where stage.repetitions > 0 {
      let arena = try Arena<Double>(
        Program(
          outputs: [],
          assignments: simulation.assignments(of: stage).map {
            Execution.Assignment($0.state, to: $0.value)
          }, rowCount: simulation.blockRows))
      for constant in simulation.constants
      where arena.program.stateNames.contains(constant.name) {
        arena.setState(constant.name, constant.values)
      }
      for stream in simulation.streams { arena.setKey(stream, StreamKey(bits: key)) }
      let names = simulation.variables.filter {
        arena.program.stateNames.contains($0.stateName)
      }
      for variable in names { arena.setState(variable.stateName, values[variable.name] ?? []) }
      for repetition in 0..<stage.repetitions {
        for scalar in stage.scalars(repetition) { arena.setScalar(scalar.name, scalar.value) }
        arena.run(draw: UInt64(repetition))
      }
      for variable in names { values[variable.name] = arena.state(variable.stateName) }
    }
    return values
  }

  static func mixture(_ d: Int) throws -> any Target {
    try TargetTests.make(
      .object([
        "type": .text("gaussian-mixture"), "components": .number(5), "spread": .number(2),
        "scale": .number(0.7),
      ]), dimension: d)
  }

  static func logDensities(
    _ target: any Target, at x: [Double], steps: Int, to largest: Double = 100,
    isExact: Bool = true, dataScale: Double = 2, key: UInt64 = 1
  ) throws -> [Double] {
    // By derivatives, at the same nodes for all noise scales.
    let density = Subject(
      dimension: target.dimension, score: target.score, noisyScore: target.noisyScore)
    let simulation = ProbabilityFlow.logDensity(
      of: density, at: x,
      along: ProbabilityFlow.Path(from: 0.1, to: largest, stepCount: steps),
      prior: .isotropic(dataScale: dataScale), isExact: isExact)
    return try #require(try run(simulation, key: key)["log_density"])
  }

  @Test(arguments: [2, 8])
  func itGivesTheLogDensityOfAMixture(_ d: Int) throws {
    let target = try Self.mixture(d)
    let smoothed = try #require(target.smoothed(by: 0.1))
    var generator = RandomGenerator(StreamKey(bits: 3))
    let x = target.sample(40, using: &generator)
    // The prior knows nothing of the mean m, which tells by about |m|/σ_max.
    let found = try Self.logDensities(target, at: x, steps: 180, to: 1e5)
    let expected = evaluate(smoothed.logDensity(.literal(x, [40, d])))
    let largest = zip(found, expected).map { ($0 - $1).magnitude }.max() ?? 1
    #expect(largest < 1e-3, "d \(d): \(largest)")
    // A prior that is too wide shows.
    let wrong = try Self.logDensities(target, at: x, steps: 180, to: 1e5, dataScale: 3e4)
    #expect(zip(wrong, expected).contains { ($0 - $1).magnitude > 1e-2 })
  }

  @Test func itsErrorIsOfTheFourthOrder() throws {
    let target = try Self.mixture(2)
    var generator = RandomGenerator(StreamKey(bits: 4))
    let x = target.sample(30, using: &generator)
    let best = try Self.logDensities(target, at: x, steps: 640)
    let steps = [20.0, 40, 80]
    let errors = try steps.map { count -> Double in
      let found = try Self.logDensities(target, at: x, steps: Int(count))
      return estimate(zip(found, best).map { ($0 - $1).magnitude }).mean
    }
    let order = -logarithmicSlope(steps, errors)
    #expect((3.5...5).contains(order), "order \(order), errors \(errors)")
  }

  @Test(arguments: [2, 8])
  func alongRandomDirectionsItIsUnbiased(_ d: Int) throws {
    let target = try Self.mixture(d)
    var generator = RandomGenerator(StreamKey(bits: 5))
    let point = target.sample(1, using: &generator)
    let exact = try Self.logDensities(target, at: point, steps: 60)[0]
    let draws = try Self.logDensities(
      target, at: (0..<256).flatMap { _ in point }, steps: 60, isExact: false)
    let (mean, error) = estimate(draws)
    #expect(error > 1e-4)  // the divergence is not that of a diagonal Jacobian
    #expect((mean - exact).magnitude < 4 * error, "\(mean) and \(exact), error \(error)")
  }

  /// At a largest scale no wider than the data, where a normal law around 0 is tenths of a nat off.
  @Test(arguments: [2, 8])
  func theMomentsOfTheDataMakeUpForASmallLargestScale(_ d: Int) throws {
    let far = GaussianMixture(
      means: (0..<2 * d).map { $0 < d ? 7 / Double(d).squareRoot() : -7 / Double(d).squareRoot() },
      weights: [0.8, 0.2], scale: 1, dimension: d)
    let smoothed = try #require(far.smoothed(by: 0.1))
    let density = Subject(dimension: d, score: far.score, noisyScore: far.noisyScore)
    var generator = RandomGenerator(StreamKey(bits: 6))
    let (train, x) = (
      far.sample(5000, using: &generator), far.sample(200, using: &generator)
    )
    let expected = evaluate(smoothed.logDensity(.literal(x, [200, d])))
    func error(_ prior: ProbabilityFlow.Prior) throws -> Double {
      let simulation = ProbabilityFlow.logDensity(
        of: density, at: x,
        along: ProbabilityFlow.Path(from: 0.1, to: 10, stepCount: 100), prior: prior,
        isExact: true)
      let found = try #require(try Self.run(simulation)["log_density"])
      return estimate(zip(found, expected).map { $0 - $1 }).mean
    }
    let moments = try error(.normal(NoisyNormal(of: train, noiseScale: 10, dimension: d)))
    #expect(moments.magnitude < 0.02, "d \(d): \(moments)")
    let around = try error(.isotropic(dataScale: 1))
    #expect(around < -0.045, "d \(d): \(around)")
  }

  /// With the divergence in closed form, and fewer nodes where the noise is wide, the flow takes the same
  /// way; in blocks as small as there are nodes.
  @Test func theClosedFormOfATargetGivesTheSameDensity() throws {
    let ring = SettingValue.object(["type": .text("rings"), "tau": .number(0.3)])
    let board = SettingValue.object(["type": .text("checkerboard"), "tau": .number(0.3)])
    for target in [try Self.mixture(3), try TargetTests.make(ring), try TargetTests.make(board)] {
      var generator = RandomGenerator(StreamKey(bits: 6))
      let x = target.sample(6, using: &generator)
      let simulation = ProbabilityFlow.logDensity(
        of: target.subject, at: x,
        along: ProbabilityFlow.Path(from: 0.1, to: 100, stepCount: 40),
        prior: .isotropic(dataScale: 2), isExact: true)
      // Five of the 40 steps from 0.1 to 100 more than double the scale.
      #expect(simulation.stages.count == 2 + 8)
      #expect(simulation.stages.map(\.repetitions).reduce(0, +) == 40 + 1)
      #expect(simulation.blockLimit == max(8, min(256, 32768 / target.width)))
      let found = try #require(try Self.run(simulation)["log_density"])
      let expected = try Self.logDensities(target, at: x, steps: 40)
      let difference = relativeDifference(found, expected)
      #expect(difference < 1e-11, "\(target.width) nodes: \(difference)")
    }
  }

  /// On N(0, τ²I) the flow multiplies by √((τ² + σ²)/(τ² + σ₀²)), both ways.
  @Test func onNormalDataItIsAMultiplication() throws {
    let score = NoiseConditionalScoreMatchingTests.exact(1.3)
    let x = [0.5, -2, 3, 1, 7, -4]
    for (start, end) in [(0.1, 20.0), (20, 0.1)] {
      let path = ProbabilityFlow.Path(from: start, to: end, stepCount: 100)
      let simulation = Simulation(
        count: 3, [Simulation.Variable("x", [2], initial: .rows(x))],
        [ProbabilityFlow.stage(score, along: path)])
      let factor = ((1.69 + end * end) / (1.69 + start * start)).squareRoot()
      let found = try #require(try Self.run(simulation)["x"])
      #expect(relativeDifference(found, x.map { factor * $0 }) < 1e-6)
    }
  }
}
