import Settings
import Testing

@Suite struct SettingValueTests {
  private let trial = SettingValue.object([
    "training": .object([
      "optimizer": .object(["type": .text("adam"), "learning_rate": .number(0.5)])
    ]),
    "model": .text("mlp"), "hidden": .list([.number(64), .number(32)]), "stop": .null,
    "skip": .boolean(true),
  ])

  @Test func pathsReachIntoObjects() {
    #expect(trial.real("training.optimizer.learning_rate") == 0.5)
    #expect(trial["training.optimizer.momentum"] == nil)
    #expect(trial["training.optimizer.type.more"] == nil)
    #expect(trial.integers("hidden") == [64, 32])
    #expect(trial.reals("hidden") == [64, 32])
    #expect(trial.boolean("skip"))
  }

  @Test func aTextStandsForTheObjectWithThatType() {
    #expect(trial.text("model.type") == "mlp")
    #expect(trial["model.width"] == nil)
  }

  @Test func nullIsNothingToHave() {
    #expect(trial.has("training"))
    #expect(!trial.has("stop"))
    #expect(!trial.has("training.other"))
  }

  @Test func settingAPathMakesTheObjectsOnTheWay() {
    let changed = trial.setting("training.optimizer.learning_rate", to: .number(1))
      .setting("model.width", to: .number(3)).setting("a.b.c", to: .boolean(false))
    #expect(changed.real("training.optimizer.learning_rate") == 1)
    #expect(changed["model"]?.canonicalJSON == #"{"type":"mlp","width":3}"#)
    #expect(changed["a"]?.canonicalJSON == #"{"b":{"c":false}}"#)
    #expect(trial.real("training.optimizer.learning_rate") == 0.5)
  }

  @Test func objectsAreEqualWhateverTheOrderOfTheirMembers() {
    let one = SettingValue.object(["b": .number(1), "a": .number(2)])
    let other = SettingValue.object(["a": .number(2), "b": .number(1)])
    #expect(one == other)
    #expect(
      one
        == SettingValue.object([SettingValue.Member]()).setting("b", to: .number(1))
        .setting("a", to: .number(2)))
  }
}
