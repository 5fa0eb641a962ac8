// Seen to fail with the slope k₃ taken at the step's beginning, the factor of the error left out or taken for 15
// always, σ for σ² before the divergence, σ for σ² in the moments at the largest scale, Tweedie's step at the
// largest scale, and the start around 0.
import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct FlowLikelihoodTests {
  static let tau = 1.3
  static var model: Subject {
    Subject(dimension: 2, score: { $0 }, noisyScore: NoiseConditionalScoreMatchingTests.exact(tau))
  }

  static func trial(_ members: KeyValuePairs<String, SettingValue>) -> SettingValue {
    ScoreMatchingTests.trial(
      .object(members).setting("data", to: .object(["type": .text("gaussian")])))
  }

  static func metric(
    _ type: String, _ members: KeyValuePairs<String, SettingValue>, trial: SettingValue
  ) throws -> Metric? {
    let variant = try #require(Metrics.declarations.first { $0.name == type })
    let given = SettingValue.object(members).setting("type", to: .text(type))
    return try? Metrics.make(completed(variant.settings, given), trial: trial, target: nil)
  }

  /// Training rows whose mean is 0 and whose covariance is τ²I, exactly.
  static let train = cubature(dimension: 2).flatMap { $0.map { tau * $0 } }

  static func value(_ metric: Metric?, at x: [Double]) throws -> Double {
    guard case .simulations(let simulations) = try #require(metric).quantity else { return .nan }
    let data = MetricData(
      dimension: 2, train: train, heldOut: x, generator: RandomGenerator(StreamKey(bits: 1)))
    return simulations.reduce(
      try simulations.ofRows(model, data).map { try ProbabilityFlowTests.run($0) })
  }

  /// N(0, τ²I) with its own moments, or σ_d = τ, is normal at σ_max exactly: only the steps leave an error.
  @Test func onNormalDataItIsTheSmoothedLogDensity() throws {
    var numbers = TestNumbers(seed: 3)
    let x = numbers.normals(100)
    let ladder = Self.trial([
      "loss": .text("ncsn"), "sigma_min": .number(0.4), "sigma_max": .number(6),
      "model": .object([
        "type": .text("noise-conditional-score-mlp"), "data_scale": .number(0.2),
      ]),
    ])
    func expected(_ sigma: Double) -> Double {
      let variance = Self.tau * Self.tau + sigma * sigma
      let squares = x.reduce(0) { $0 + $1 * $1 } / 50
      return -squares / (2 * variance) - Real.log(2 * .pi * variance)
    }
    // The trial's own range and its data's moments, then the metric's.
    let own = try Self.value(Self.metric("flow_log_likelihood", [:], trial: ladder), at: x)
    #expect((own - expected(0.4)).magnitude < 1e-6)
    let given = try Self.metric(
      "flow_log_likelihood",
      [
        "sigma_min": .number(0.1), "sigma_max": .number(50), "data_scale": .number(Self.tau),
        "steps": .number(200),
      ], trial: Self.trial(["loss": .text("exact")]))
    #expect(try (Self.value(given, at: x) - expected(0.1)).magnitude < 1e-6)
    let narrow = try Self.metric(
      "flow_log_likelihood", ["data_scale": .number(0)], trial: ladder)
    #expect(try (Self.value(narrow, at: x) - expected(0.4)).magnitude > 1e-4)
    // The Jacobian is a multiple of the identity: along signs its trace is exact.
    let sliced = try Self.metric(
      "flow_log_likelihood", ["divergence": .text("hutchinson")], trial: ladder)
    #expect(try (Self.value(sliced, at: x) - own).magnitude < 1e-10)
  }

  /// Without a trained range: from 0.1 to the largest distance between rows, 2τ√2 on two sides.
  @Test func whereNothingIsTrainedTheRangeIsThatOfTheRows() throws {
    var numbers = TestNumbers(seed: 8)
    let x = numbers.normals(40)
    let exact = Self.trial(["loss": .text("exact")])
    let own = try Self.value(Self.metric("flow_log_likelihood", [:], trial: exact), at: x)
    let said = try Self.value(
      Self.metric(
        "flow_log_likelihood",
        ["sigma_min": .number(0.1), "sigma_max": .number(2 * Self.tau * 2.0.squareRoot())],
        trial: exact), at: x)
    #expect((own - said).magnitude < 1e-12)
  }

  @Test func theErrorIsWhatTheStepsLeave() throws {
    var numbers = TestNumbers(seed: 4)
    let x = numbers.normals(60)
    let ladder = Self.trial([
      "loss": .text("dsm-ve"), "sigma_min": .number(0.1), "sigma_max": .number(20),
    ])
    func value(_ type: String, _ steps: Double) throws -> Double {
      try Self.value(
        Self.metric(type, ["steps": .number(steps)], trial: ladder), at: x)
    }
    let best = try value("flow_log_likelihood", 1000)
    for steps in [20.0, 21, 40] {
      let error = try (value("flow_log_likelihood", steps) - best).magnitude
      let stated = try value("flow_error", steps)
      #expect((0.3...5).contains(stated / error), "\(steps) steps: \(stated) for \(error)")
    }
    // Three steps against one: the difference is 80 times the error, not 15 times.
    let (three, one) = try (
      Self.metric("flow_error", ["steps": .number(3)], trial: ladder),
      Self.metric("flow_error", ["steps": .number(2)], trial: ladder)
    )
    guard case .simulations(let odd) = try #require(three).quantity,
      case .simulations(let even) = try #require(one).quantity
    else { return }
    let results: [SimulationResult] = try {
      let data = MetricData(
        dimension: 2, train: [], heldOut: x, generator: RandomGenerator(StreamKey(bits: 1)))
      return try even.ofRows(Self.model, data).map { try ProbabilityFlowTests.run($0) }
    }()
    #expect((even.reduce(results) * 15 / (odd.reduce(results) * 80) - 1).magnitude < 1e-12)
  }

  @Test func itExistsForScoresAtAllNoiseScalesAlone() throws {
    #expect(
      try Self.metric("flow_log_likelihood", [:], trial: Self.trial(["loss": .text("dsm")])) == nil)
    let ladder = Self.trial(["loss": .text("ncsn")])
    #expect(try Self.metric("flow_error", [:], trial: ladder) != nil)
    #expect(
      try Self.metric("flow_error", ["sigma_min": .number(20)], trial: ladder) == nil)
    let student = ScoreMatchingTests.trial(
      .object(["loss": .text("exact"), "data": .object(["type": .text("student-t")])]))
    #expect(try Self.metric("flow_log_likelihood", [:], trial: student) == nil)
  }

  /// The flow from noise to N(0, τ²I) is a multiplication, and so is Tweedie's step.
  @Test func theSamplerIsTheFlowBackAndTweediesStep() throws {
    let (low, high) = (0.1, 20.0)
    for denoises in [true, false] {
      let sampler = ProbabilityFlowSampler(
        completed(
          ProbabilityFlowSampler.declaration.settings,
          .object([
            "sigma_min": .number(low), "sigma_max": .number(high), "samples": .number(3),
            "denoise": .boolean(denoises), "steps": .number(200),
          ])))
      #expect(sampler.chains.start == .noisyData(scale: high) && sampler.chains.count == 3)
      let x = [5.0, -20, 30, 1, 7, -40]
      let simulation = sampler.simulation(of: Self.model, from: x)
      let found = try #require(try ProbabilityFlowTests.run(simulation)["x"])
      let variance = Self.tau * Self.tau
      let factor = ((variance + low * low) / (variance + high * high)).squareRoot()
      let mean = denoises ? variance / (variance + low * low) : 1
      #expect(relativeDifference(found, x.map { factor * mean * $0 }) < 1e-6)
    }
  }
}
