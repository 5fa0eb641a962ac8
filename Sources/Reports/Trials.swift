import Planning
import Results
import Settings

/// The trials that tables are made of: those that ran and those that wait.
public struct Trials: Sendable {
  /// The axes of the grid with their values in order, `repeat` among them.
  public let axes: [AxisDescription]
  /// The trials that ran, in the order of the plan where it is known.
  public let records: [TrialRecord]
  /// The trials of the plan that have not run.
  public let waiting: [ExperimentDescription.PlannedTrial]

  /// Trials over axes that the caller knows.
  public init(
    axes: [AxisDescription], records: [TrialRecord],
    waiting: [ExperimentDescription.PlannedTrial] = []
  ) {
    self.axes = axes
    self.records = records
    self.waiting = waiting
  }

  /// What a results store holds, less what its plan no longer has.
  ///
  /// While a first sweep runs the store knows no plan: the axes are then those of the records, numbers
  /// in increasing order and words in the order met.
  public init(_ loaded: LoadedResults) {
    let unplanned = Set(loaded.unplanned)
    let records = loaded.records.filter { !unplanned.contains($0.id) }
    if let experiment = loaded.experiment {
      let finished = Set(records.map(\.id))
      self.init(
        axes: experiment.axes, records: records,
        waiting: experiment.waiting.filter { !finished.contains($0.id) })
    } else {
      self.init(axes: Self.axes(of: records), records: records)
    }
  }

  /// What a results store holds of a plan, whether that plan is the one it was written by or not.
  public init(_ loaded: LoadedResults, of plan: ExperimentDescription) {
    let planned = Set(plan.trials.map(\.id))
    let records = loaded.records.filter { planned.contains($0.id) }
    let finished = Set(records.map(\.id))
    self.init(
      axes: plan.axes, records: records,
      waiting: plan.trials.filter { !finished.contains($0.id) })
  }

  /// The trials with settings as axes that are none in the grid: they may be the same in all trials.
  func withAxes(of names: [String]) -> Trials {
    let new = names.filter { name in !axes.contains { $0.name == name } }
    guard !new.isEmpty else { return self }
    func entries(_ text: String) -> [AxisEntry] {
      let settings = SettingValue(json: text) ?? .null
      return new.map { AxisEntry($0, settings[$0].flatMap(AxisValue.init(named:))) }
    }
    let records = records.map { record in
      var record = record
      record.axes += entries(record.settings)
      return record
    }
    let waiting = waiting.map {
      ExperimentDescription.PlannedTrial(
        id: $0.id, axes: $0.axes + entries($0.settings), settings: $0.settings)
    }
    let all = records.map(\.axes) + waiting.map(\.axes)
    let found = new.map { name in
      var values: [AxisValue] = []
      for value in all.compactMap({ $0.first { $0.name == name }?.value })
      where !values.contains(value) { values.append(value) }
      return AxisDescription(name, values)
    }.filter { !$0.values.isEmpty }
    return Trials(axes: axes + found, records: records, waiting: waiting)
  }

  /// The names of the axes that have more than one value, `repeat` excepted.
  public var varyingAxes: [String] {
    axes.filter { $0.name != Self.repeatAxis && $0.values.count > 1 }.map(\.name)
  }

  /// The axis over which statistics are taken.
  static let repeatAxis = "repeat"

  private static func axes(of records: [TrialRecord]) -> [AxisDescription] {
    var axes: [AxisDescription] = []
    var positions: [String: Int] = [:]
    var seen: [Set<AxisValue>] = []
    for entry in records.lazy.flatMap(\.axes) {
      if positions[entry.name] == nil {
        positions[entry.name] = axes.count
        axes.append(AxisDescription(entry.name, []))
        seen.append([])
      }
      guard let index = positions[entry.name], let value = entry.value else { continue }
      if seen[index].insert(value).inserted { axes[index].values.append(value) }
    }
    return axes.map { axis in
      let numbers = axis.values.compactMap {
        if case .number(let number) = $0 { number } else { nil }
      }
      guard numbers.count == axis.values.count else { return axis }
      return AxisDescription(axis.name, numbers.sorted().map { .number($0) })
    }
  }
}

extension TrialRecord {
  /// A metric or a recorded quantity by the name of its column; nil where the trial has none of that
  /// name, NaN where it has no value.
  func quantity(_ name: String) -> Double? {
    switch name {
    case "steps": Double(steps)
    case "seconds": seconds
    case "seconds_per_step": secondsPerStep
    case "parameter_count": Double(parameterCount)
    default: metric(name)
    }
  }
}

/// Where a trial stands and what it says, whether it ran or not.
struct TrialFacts {
  let axes: [AxisEntry]
  let settings: String

  /// The value on an axis, nil where the axis is absent or does not apply.
  func axis(_ name: String) -> AxisValue? {
    axes.first { $0.name == name }?.value
  }

  /// The values on some axes.
  func values(on axes: [String]) -> [AxisValue?] {
    axes.map { axis($0) }
  }

  /// Whether all conditions hold for the trial's settings, or for its axes where a setting is not kept.
  func meet(_ conditions: [Condition]) -> Bool {
    guard !conditions.isEmpty else { return true }
    let settings = SettingValue(json: settings) ?? .null
    return conditions.allSatisfy { condition in
      condition.holds(
        for: settings[condition.setting] ?? axis(condition.setting)?.settingValue, in: settings)
    }
  }
}

extension AxisValue {
  /// A setting as a label: of a variant its type; nil for one that is null.
  fileprivate init?(named setting: SettingValue) {
    switch setting {
    case .number(let number): self = .number(number)
    case .text(let text): self = .text(text)
    case .boolean(let flag): self = .boolean(flag)
    case .null: return nil
    case .list, .object:
      if case .text(let type) = setting["type"] {
        self = .text(type)
      } else {
        self = .text(setting.canonicalJSON)
      }
    }
  }

  fileprivate var settingValue: SettingValue {
    switch self {
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case .boolean(let flag): .boolean(flag)
    }
  }
}
