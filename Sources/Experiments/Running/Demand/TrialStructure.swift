import Settings

/// What fixes the size of a trial's programs and data: trials that agree on it take the same memory
/// and, step for step, the same time.
///
/// It is all that is set but what programs are given as numbers at each step (noise scales, learning
/// rates), how long a trial trains, and which draws it has.
struct TrialStructure: Hashable, Sendable {
  private let settings: [SettingValue.Member]

  private static let passedAtEachStep = [
    "repeat", "sigma", "epsilon", "keep_test_data", "sigma_min", "sigma_max", "beta_min",
    "beta_max", "t_min",
  ]

  /// Paths of settings that change no structure; plain ones only, so that trials that differ in nothing
  /// else are told from others without their settings.
  static let irrelevantPaths =
    passedAtEachStep + [
      "training.optimizer.learning_rate", "lbfgs.tolerance",
    ]

  /// The structure of the trial with these settings.
  init(_ trial: SettingValue) {
    settings = Self.members(of: trial).compactMap { member in
      if member.name == "training" {
        SettingValue.Member(member.name, .object(Self.training(member.value)))
      } else if member.name == "lbfgs" {
        SettingValue.Member(member.name, .object(Self.fullBatch(member.value)))
      } else {
        Self.passedAtEachStep.contains(member.name) ? nil : member
      }
    }
  }

  private static func training(_ training: SettingValue) -> [SettingValue.Member] {
    members(of: training).compactMap { member in
      let value: SettingValue? =
        switch member.name {
        case "steps", "evaluate_every": nil
        case "optimizer": .object(optimizer(member.value))
        case "early_stopping": member.value["metric"]
        case "clip", "ema": presence(member.value)
        default: member.value
        }
      return value.map { SettingValue.Member(member.name, $0) }
    }
  }

  private static func fullBatch(_ lbfgs: SettingValue) -> [SettingValue.Member] {
    members(of: lbfgs).filter { $0.name != "tolerance" && $0.name != "iterations" }
  }

  private static func optimizer(_ optimizer: SettingValue) -> [SettingValue.Member] {
    members(of: optimizer).compactMap { member in
      switch member.name {
      case "learning_rate", "schedule": nil
      default: SettingValue.Member(member.name, presence(member.value))
      }
    }
  }

  /// Of a number that stands in a program it matters whether it is above 0: momentum has a state then.
  private static func presence(_ value: SettingValue) -> SettingValue {
    if case .number(let number) = value { return .boolean(number > 0) }
    return value
  }

  private static func members(of value: SettingValue) -> [SettingValue.Member] {
    if case .object(let members) = value { return members }
    return []
  }
}
