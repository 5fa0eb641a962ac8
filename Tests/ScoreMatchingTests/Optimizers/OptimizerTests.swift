// Seen to fail with the bias correction left out, with epsilon inside the root, with the decay not
// scaled by the rate, with Nesterov's direction taken as the heavy ball's, and with RMSProp's mean
// of the step before.
import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct OptimizerTests {
  static let parameters = [Parameter("w", [2], initial: .zeros)]

  /// The parameter after each step with the given gradients, from (1, -2).
  static func path(_ optimizer: any Optimizer, gradients: [[Double]]) -> [[Double]] {
    let states = optimizer.stateVariables(for: parameters)
    var inputs = ["w": [1.0, -2.0]]
    for state in states { inputs[state.name] = [0, 0] }
    let update = optimizer.update(parameters, gradients: [.state("gradient", [2])])
    #expect(update.map(\.state) == ["w"] + states.map(\.name))
    return gradients.enumerated().map { index, g in
      inputs["gradient"] = g
      for scalar in optimizer.scalars(at: index + 1, of: gradients.count) {
        inputs[scalar.name] = [scalar.value]
      }
      let values = update.map { evaluate($0.value, inputs) }
      for (assignment, value) in zip(update, values) { inputs[assignment.state] = value }
      return values[0]
    }
  }

  static func make(_ members: KeyValuePairs<String, SettingValue>) -> any Optimizer {
    let given = SettingValue.object(members)
    let variant = Optimizers.declarations.first { .text($0.name) == given["type"] }
    return Optimizers.make(completed(variant?.settings ?? [], given))
  }

  @Test func plainDescentTakesTheGradientTimesTheRate() {
    let sgd = Self.make(["type": .text("sgd"), "learning_rate": .number(0.5)])
    #expect(Self.path(sgd, gradients: [[1, 2], [-1, 4]]) == [[0.5, -3], [1, -5]])
  }

  @Test func momentumSumsDecayedGradients() {
    let ball = Self.make(
      ["type": .text("sgd"), "learning_rate": .number(1), "momentum": .number(0.5)])
    // b: 1, then 0.5 · 1 + 1 = 1.5, then 0.75 + 0 = 0.75
    let path = Self.path(ball, gradients: [[1, 0], [1, 0], [0, 0]])
    #expect(path.map { $0[0] } == [0, -1.5, -2.25])
    let nesterov = Self.make([
      "type": .text("sgd"), "learning_rate": .number(1), "momentum": .number(0.5),
      "nesterov": .boolean(true),
    ])
    // g + b/2: 1 + 0.5, then 1 + 0.75, then 0 + 0.375
    let ahead = Self.path(nesterov, gradients: [[1, 0], [1, 0], [0, 0]])
    #expect(ahead.map { $0[0] } == [-0.5, -2.25, -2.625])
  }

  @Test func adamIsItsPublishedRecursion() {
    let adam = Self.make([
      "type": .text("adam"), "learning_rate": .number(0.1), "beta1": .number(0.9),
      "beta2": .number(0.99), "epsilon": .number(1e-3),
    ])
    let path = Self.path(adam, gradients: [[1, -4], [3, 0]])
    // Step 1: m/(1-β₁) = g, v/(1-β₂) = g², whatever the betas.
    #expect((path[0][0] - (1 - 0.1 * 1 / 1.001)).magnitude < 1e-14)
    #expect((path[0][1] - (-2 + 0.1 * 4 / 4.001)).magnitude < 1e-14)
    // Step 2, first coordinate: m = 0.09 + 0.3 = 0.39 over 0.19; v = 0.0099 + 0.09 = 0.0999 over
    // 0.0199.
    let second = 0.1 * (0.39 / 0.19) / ((0.0999 / 0.0199).squareRoot() + 1e-3)
    #expect((path[1][0] - (path[0][0] - second)).magnitude < 1e-14)
  }

  @Test func decoupledDecayShrinksWhatTheGradientLeavesAlone() {
    let adamw = Self.make([
      "type": .text("adamw"), "learning_rate": .number(0.1), "weight_decay": .number(0.5),
    ])
    let path = Self.path(adamw, gradients: [[0, 0], [0, 0]])
    #expect(relativeDifference(path[0], [0.95, -1.9]) < 1e-15)
    #expect(relativeDifference(path[1], [0.9025, -1.805]) < 1e-15)
  }

  @Test func rmspropDividesByTheRunningRoot() {
    let rmsprop = Self.make([
      "type": .text("rmsprop"), "learning_rate": .number(1), "decay": .number(0.75),
      "epsilon": .number(0.5),
    ])
    // v = 0.25 · 4² = 4: the step is 4/(2 + 0.5); then v = 3 and no gradient.
    let path = Self.path(rmsprop, gradients: [[4, 0], [0, 0]])
    #expect(relativeDifference(path[0], [1 - 1.6, -2]) < 1e-15)
    #expect(path[1] == path[0])
  }
}
