import Settings

/// What a change of an experiment does to its trials.
///
/// Trials are the same where their identities are, so that finished ones stand whatever else changed.
public struct PlanDifference: Sendable {
  /// A setting whose values are others than before.
  public struct Setting: Sendable, Equatable {
    /// The dotted path.
    public let path: String
    /// Values that no trial had before, in the order of the plan; all where the setting is new.
    public let added: [SettingValue]
    /// Values that no trial has any more; all where the setting is gone.
    public let removed: [SettingValue]
    /// How many values there were and are.
    public let counts: (before: Int, after: Int)

    /// Whether path, values and counts agree.
    public static func == (one: Setting, other: Setting) -> Bool {
      one.path == other.path && one.added == other.added && one.removed == other.removed
        && one.counts == other.counts
    }
  }

  /// The plan before.
  public let old: Plan
  /// The plan after.
  public let new: Plan
  /// The settings whose values changed, in the order of their paths.
  public let settings: [Setting]
  /// Trials that the old plan does not have.
  public let added: [Trial]
  /// Trials that the new plan does not have.
  public let removed: [Trial]

  /// How many trials both plans have.
  public var keptCount: Int { new.trials.count - added.count }

  /// Compares two plans.
  ///
  /// - Complexity: the number of trials.
  public init(from old: Plan, to new: Plan) {
    self.old = old
    self.new = new
    let (before, after) = (Set(old.trials.map(\.id)), Set(new.trials.map(\.id)))
    added = new.trials.filter { !before.contains($0.id) }
    removed = old.trials.filter { !after.contains($0.id) }
    let (oldValues, newValues) = (old.valuesByPath, new.valuesByPath)
    settings = Set(oldValues.keys).union(newValues.keys).sorted().compactMap { path in
      let (had, has) = (oldValues[path] ?? [], newValues[path] ?? [])
      let (hadSet, hasSet) = (Set(had), Set(has))
      guard hadSet != hasSet else { return nil }
      return Setting(
        path: path, added: has.filter { !hadSet.contains($0) },
        removed: had.filter { !hasSet.contains($0) }, counts: (had.count, has.count))
    }
  }
}

extension PlanDifference: CustomStringConvertible {
  /// The difference for people.
  ///
  ///     sigma: 0.2 is new; 0.3 is gone
  ///     training.steps: 3000 is now 5000
  ///     trials: 0 kept, 24 new, 18 gone
  public var description: String {
    var lines: [String] = []
    if old.experiment.seed != new.experiment.seed {
      lines.append("seed: \(old.experiment.seed) is now \(new.experiment.seed)")
    }
    lines += settings.map(\.words)
    lines.append("trials: \(keptCount) kept, \(added.count) new, \(removed.count) gone")
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line for each trial that is new ("+") or gone ("-").
  public var listing: String {
    (removed.map { "- " + old.line(for: $0) } + added.map { "+ " + new.line(for: $0) })
      .map { $0 + "\n" }.joined()
  }

  /// The difference for programs: one JSON object with `kept`, `new` and `gone` (ids), `seed` and
  /// `settings` (`path`, `added`, `removed`).
  public var json: String {
    func ids(_ trials: [Trial]) -> SettingValue { .list(trials.map { .text($0.id.description) }) }
    let settings = settings.map { setting in
      SettingValue.object([
        "path": .text(setting.path), "added": .list(setting.added),
        "removed": .list(setting.removed),
      ])
    }
    return SettingValue.object([
      "kept": .number(Double(keptCount)), "new": ids(added), "gone": ids(removed),
      "seed": .list([old, new].map { .number(Double($0.experiment.seed)) }),
      "settings": .list(settings),
    ]).canonicalJSON + "\n"
  }
}

extension PlanDifference.Setting {
  fileprivate var words: String {
    func list(_ values: [SettingValue]) -> String {
      let shown = values.prefix(6).map(Axis.label).joined(separator: ", ")
      return values.count > 6 ? "\(shown), … (\(values.count) values)" : shown
    }
    func verb(_ values: [SettingValue]) -> String { values.count == 1 ? "is" : "are" }
    switch (counts.before, counts.after) {
    case (0, _): return "\(path): is new, with \(list(added))"
    case (_, 0): return "\(path): is gone, with \(list(removed))"
    case (1, 1): return "\(path): \(list(removed)) is now \(list(added))"
    default:
      let parts = [
        added.isEmpty ? nil : "\(list(added)) \(verb(added)) new",
        removed.isEmpty ? nil : "\(list(removed)) \(verb(removed)) gone",
      ]
      return "\(path): " + parts.compactMap { $0 }.joined(separator: "; ")
    }
  }
}

extension Plan {
  /// The distinct values of each setting over all trials, in the order of the plan.
  fileprivate var valuesByPath: [String: [SettingValue]] {
    var values: [String: [SettingValue]] = [:]
    var seen: [String: Set<SettingValue>] = [:]
    func add(_ path: String, _ value: SettingValue) {
      if seen[path, default: []].insert(value).inserted { values[path, default: []].append(value) }
    }
    for family in families {
      let filled = Set(family.slots.map(\.axis.name))
      for path in family.settings.leafPaths() where !filled.contains(path) {
        if let value = family.settings[path] { add(path, value) }
      }
    }
    // Factors may be excluded in part: what they set is asked of the trials.
    var last: [ObjectIdentifier: [Set<Int>]] = [:]
    for trial in trials {
      let family = trial.family
      let digits = family.digits(trial.number)
      for (place, digit) in digits.enumerated() {
        let isNew =
          last[ObjectIdentifier(family), default: digits.map { _ in [] }][place].insert(digit)
          .inserted
        guard isNew else { continue }
        for slot in family.slots where slot.factor == place {
          add(slot.axis.name, slot.axis.values[digit])
        }
      }
    }
    return values
  }

  /// The families of the trials, each once, in order.
  private var families: [TrialFamily] {
    var seen: Set<ObjectIdentifier> = []
    return trials.compactMap { trial in
      seen.insert(ObjectIdentifier(trial.family)).inserted ? trial.family : nil
    }
  }
}
