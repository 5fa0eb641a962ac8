/// The defaults that identities are made against, fixed when each setting first appeared.
///
/// A trial's identity leaves out what equals the frozen default. So a new setting changes no identity
/// (its default is frozen as it arrives), while a *changed* default does: the table keeps the old value,
/// from which the new one differs. A setting without an entry has its current default for frozen one;
/// entries are needed only for defaults that changed after results existed. `scoresweep schema --defaults`
/// prints the whole table, and a test compares it with the one kept in Tests/ExperimentsTests/Snapshots.
public struct FrozenDefaults: Sendable, Hashable {
  /// The version of the table; a change of it changes every identity.
  public let version: Int
  private let values: [String: SettingValue]  // looked up only, never iterated

  /// A table of the defaults that are no longer current.
  ///
  /// - Parameters:
  ///   - version: the version of the whole table.
  ///   - entries: the setting's dotted path with the variants that bring it in brackets, and the
  ///     default that it had when it appeared: `training.optimizer[adam].learning_rate`,
  ///     `loss[dsm]/sigma` for a neighbour.
  public init(version: Int = 1, _ entries: KeyValuePairs<String, SettingValue> = [:]) {
    self.version = version
    values = Dictionary(entries.map { ($0.key, $0.value) }) { _, last in last }
  }

  /// The default that identities take for a setting: the frozen one, else the current one.
  public func value(of key: String, current: SettingValue?) -> SettingValue? {
    values[key] ?? current
  }
}
