// Seen to fail with the variance divided by the number of minibatches, not by one fewer.
import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct MinibatchVarianceTests {
  @Test func whatIsGatheredIsTheSumOfTheUnbiasedVariances() {
    var gathering = MinibatchVariance.Gathering()
    for values in [[1.0, 10], [3, 10], [5, 16]] { gathering.add(values) }
    #expect((gathering.variance - (4 + 12)).magnitude < 1e-14)
    var numbers = TestNumbers(seed: 3)
    var far = MinibatchVariance.Gathering()
    var near = MinibatchVariance.Gathering()
    for _ in 0..<100 {
      let value = numbers.normal()
      near.add([value])
      far.add([value + 1e6])
    }
    #expect((far.variance / near.variance - 1).magnitude < 1e-7)
  }

  @Test func itsOutputsAreTheLossAndTheGradientOfATrainingStep() throws {
    let settings = trial(
      .object([
        "data": .text("gaussian"), "loss": .text("esm"),
        "model": .object(["type": .text("energy-mlp"), "hidden": .list([.number(3)])]),
        "training": .object(["batch": .number(4)]),
      ]))
    let target = try #require(Targets.make(settings))
    let given = SettingValue.object(["minibatches": .number(7)])
    let loss = try #require(MinibatchVariance(.loss, given, trial: settings, target: target))
    let gradient = try #require(
      MinibatchVariance(.gradient, given, trial: settings, target: target))
    #expect(loss.batch == 4 && loss.count == 7)
    #expect(loss.outputs(dimension: 2).map(\.shape) == [[]])
    #expect(gradient.outputs(dimension: 2).map(\.shape) == [[2, 3], [3], [3, 1], [1]])
    let closed = settings.setting("loss.type", to: .text("gaussian-fit"))
    #expect(MinibatchVariance(.loss, given, trial: closed, target: target) == nil)
    #expect(MinibatchVariance(.loss, given, trial: settings, target: nil) == nil)
  }
}
