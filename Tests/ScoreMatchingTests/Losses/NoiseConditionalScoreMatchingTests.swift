// Seen to fail with thresholds k/(L - 1) for the levels of the ladder.
// Points with the right second moments give the losses of linear scores exactly: no statistics.

import Execution
import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct NoiseConditionalScoreMatchingTests {
  static let tau = 1.3

  /// The exact score of N(0, τ²I) seen through noise.
  static func exact(_ tau: Double) -> NoisyScoreFunction {
    { x, sigma in -x / (.fill(tau * tau) + square(sigma).column) }
  }

  /// Points of N(0, τ²I) in three dimensions beside noise.
  static func points() -> (x: Tensor, noise: Tensor) {
    LinearScoreTests.noisy(cubature(dimension: 3).map { $0.map { tau * $0 } })
  }

  static func floor(_ sigma: Double) -> Double { 1.5 * tau * tau / (tau * tau + sigma * sigma) }

  @Test func theExactScoreReachesTheFloorOfEveryLevelAndNoOtherDoes() {
    let (x, noise) = Self.points()
    for sigma in [0.01, 0.3, 1, 4, 50] {
      let exact = number(
        noiseConditionalScoreMatching(
          Self.exact(Self.tau), at: x, noise: noise, scales: .fill(sigma)))
      #expect(relativeDifference([exact], [Self.floor(sigma)]) < 1e-12)
      for wrong in [0.9, 1.1] {
        let value = number(
          noiseConditionalScoreMatching(
            { x, s in .fill(wrong) * Self.exact(Self.tau)(x, s) }, at: x, noise: noise,
            scales: .fill(sigma)))
        #expect(value > exact)
      }
    }
  }

  @Test func atOneLevelItIsDenoisingScoreMatching() throws {
    let (model, theta) = try NoiseConditionalNetworkTests.model(
      "noise-conditional-score-mlp", "denoiser", dimension: 3)
    let score = try #require(model.noisyScore(at: theta))
    let (x, noise) = Self.points()
    let found = number(
      noiseConditionalScoreMatching(score, at: x, noise: noise, scales: .fill(0.7)))
    let expected = number(
      denoisingScoreMatching({ score($0, 0.7) }, at: x, noise: noise, scale: 0.7))
    #expect(relativeDifference([found], [expected]) < 1e-13)
  }

  @Test func overALadderItIsTheMeanOfItsLevels() throws {
    let ladder = NoiseLadder(from: 8, to: 0.2, count: 5)
    let (model, theta) = try NoiseConditionalNetworkTests.model(
      "noise-conditional-energy-mlp", "inverse-sigma", dimension: 3)
    let score = try #require(model.noisyScore(at: theta))
    let (x, noise) = Self.points()
    let n = x.shape[0]
    let levels = ladder.scales.map { sigma in
      number(noiseConditionalScoreMatching(score, at: x, noise: noise, scales: .fill(sigma)))
    }
    // Every row at every level; the middle of each level's part of [0, 1).
    let u = (0..<5).flatMap { [Double](repeating: (Double($0) + 0.5) / 5, count: n) }
    let all = number(
      noiseConditionalScoreMatching(
        score, at: concatenate([Tensor](repeating: x, count: 5), axis: 0),
        noise: concatenate([Tensor](repeating: noise, count: 5), axis: 0),
        scales: NoiseLadder.scale(at: .literal(u, [5 * n]), from: 8, to: 0.2, count: 5)))
    #expect(relativeDifference([all], [levels.reduce(0, +) / 5]) < 1e-12)
  }

  @Test func everyUniformNumberChoosesALevelAndEachAsOften() {
    #expect(
      relativeDifference(NoiseLadder(from: 10, to: 0.1, count: 3).scales, [10, 1, 0.1]) < 1e-14)
    let u = [1e-9, 0.33333, 0.33334, 0.5, 0.66666, 0.66667, 1 - 1e-9]
    let found = evaluate(NoiseLadder.scale(at: .literal(u, [7]), from: 10, to: 0.1, count: 3))
    #expect(relativeDifference(found, [10, 10, 1, 1, 1, 0.1, 0.1]) < 1e-13)
    let ends = evaluate(
      NoiseLadder.scale(at: .literal([0.4, 0.6], [2]), from: 2, to: 0.5, count: 2))
    #expect(relativeDifference(ends, [2, 0.5]) < 1e-14)
  }

  static let losses: [KeyValuePairs<String, SettingValue>] = [
    ["loss": .text("ncsn")], ["loss": .text("dsm-ve")], ["loss": .text("dsm-vp")],
    ["loss": .text("dsm-subvp")],
    ["loss": .text("dsm-ve"), "weighting": .text("likelihood")],
    ["loss": .text("dsm-vp"), "weighting": .text("likelihood")],
    [
      "loss": .text("dsm-subvp"), "weighting": .text("likelihood"),
      "time_law": .text("importance"),
    ],
  ]

  static func loss(_ members: KeyValuePairs<String, SettingValue>) throws -> TrainingLoss {
    try #require(
      TrainingLoss(
        trial(.object(members).setting("data", to: .object(["type": .text("gaussian")])))))
  }

  /// The expression with the loss's own numbers in the place of its scalar inputs.
  static func filled(_ value: Tensor, _ loss: TrainingLoss) -> Tensor {
    value.replacing(
      loss.scalars.map { .scalar($0.name) }, by: loss.scalars.map { .fill($0.value) })
  }

  @Test(arguments: losses.indices)
  func itsGradientIsThatOfFiniteDifferencesInTheParameters(_ index: Int) throws {
    let loss = try Self.loss(Self.losses[index])
    for type in NoiseConditionalNetworkTests.types {
      let (model, theta) = try NoiseConditionalNetworkTests.model(type, "denoiser")
      var numbers = TestNumbers(seed: 5)
      let x = Tensor.literal(numbers.normals(12), [6, 2])
      let error = gradientError(at: theta) { theta in
        Self.filled(loss(model.subject(at: theta), at: x), loss)
      }
      #expect(error < 1e-6, "\(type)")
    }
  }

  @Test func aTrialSaysWhatItsLossIsGiven() throws {
    let ladder = try Self.loss(["loss": .text("ncsn"), "sigma_max": .number(3)])
    #expect(ladder.scalars == [ScalarValue("sigma_max", 3), ScalarValue("sigma_min", 0.1)])
    #expect(ladder.streams == ["noise", "level"] && !ladder.needsTargetScore)
    let preserving = try Self.loss(["loss": .text("dsm-vp"), "beta_max": .number(10)])
    #expect(
      preserving.scalars == [
        ScalarValue("beta_min", 0.1), ScalarValue("beta_max", 10), ScalarValue("t_min", 0.001),
      ])
    #expect(try Self.loss(["loss": .text("dsm-ve")]).scalars.count == 2)
  }

  /// N(0, τ²I) data, a network that knows nothing of τ: at every level the score is near
  /// -x/(τ² + σ²).
  @Test(arguments: ["ncsn", "dsm-ve", "dsm-vp", "dsm-subvp"])
  func trainingFindsTheScoreOfEveryLevel(_ name: String) throws {
    let settings = trial(
      .object([
        "data": .object(["type": .text("gaussian")]), "loss": .text(name),
        "sigma_min": .number(0.3), "sigma_max": .number(5), "t_min": .number(0.3),
        "beta_max": .number(6),
        "model": .object([
          "type": .text("noise-conditional-score-mlp"), "hidden": PerceptronTests.widths(32, 32),
          "data_scale": .number(2),
        ]),
        "training": .object([
          "batch": .number(256), "steps": .number(1500), "ema": .number(0.99),
          "optimizer": .object(["type": .text("adam"), "learning_rate": .number(5e-3)]),
        ]),
      ]))
    let model = Models.make(for: settings, dimension: 2)
    let minimisation = Minimisation(
      try #require(TrainingLoss(settings)), of: model, Training(settings["training"] ?? .null))
    let theta = try Self.train(minimisation, scale: Self.tau)
    let range = try #require(Losses.noiseRange(of: settings))
    let score = try #require(model.noisyScore(at: theta))
    var numbers = TestNumbers(seed: 7)
    let (points, noise) = (numbers.normals(400), numbers.normals(400))
    for place in 0...4 {
      let sigma =
        range.smallest * Real.power(range.largest / range.smallest, Double(place) / 4)
      let x = Tensor.literal(
        zip(points, noise).map { Self.tau * $0 + sigma * $1 }, [200, 2])
      let exact = Self.exact(Self.tau)(x, .fill(sigma))
      let (learned, least) = (score(x, .fill(sigma)), sum(square(exact)))
      let error = number(sum(square(learned - exact)) / least)
      #expect(error < 0.02, "\(name) at \(sigma): \(error)")
    }
  }

  /// The averaged parameters after training on N(0, scale² I) data.
  static func train(_ minimisation: Minimisation, scale: Double) throws -> [Tensor] {
    let (step, training, model) = (minimisation.step, minimisation.training, minimisation.model)
    let program = Program(
      outputs: step.outputs.map { ($0.name, $0.value) },
      assignments: step.assignments.map { assignment in
        let state = step.states.first { $0.name == assignment.state }
        return Execution.Assignment(state?.tensor ?? assignment.value, to: assignment.value)
      }, rowCount: training.batch)
    let arena = try Arena<Double>(program)
    var generator = RandomGenerator(StreamKey(bits: 1))
    let initial = model.initialValues(using: &generator)
    for state in step.states {
      switch state.initial {
      case .zeros:
        arena.setState(state.name, [Double](repeating: 0, count: state.shape.reduce(1, *)))
      case .parameter(let name):
        let place = try #require(model.parameters.firstIndex { $0.name == name })
        arena.setState(state.name, initial[place])
      }
    }
    let rowCount = 10_000
    let rows = (0..<rowCount * model.dimension).map { _ in scale * generator.normal() }
    arena.bind("x", to: try RowData(rows, columns: model.dimension))
    for (place, stream) in minimisation.loss.streams.enumerated() {
      arena.setKey(stream, StreamKey(bits: UInt64(100 + place)))
    }
    for number in 1...training.stepCount {
      for scalar in minimisation.scalars(at: number) {
        arena.setScalar(scalar.name, scalar.value)
      }
      let first = number * training.batch
      let indices = (0..<training.batch).map { Int32((first + $0) % rowCount) }
      arena.run(indices: indices, draw: UInt64(number))
    }
    return zip(step.evaluated, model.parameters).map { .literal(arena.state($0), $1.shape) }
  }
}
