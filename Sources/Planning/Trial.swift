import Settings

/// One run of the plan: its identity, and everything that is set in it.
///
/// Settings, axis values and the canonical text are put together at each call, in some microseconds:
/// ask ``assembled()`` where they are used often.
public struct Trial: Sendable {
  /// What identifies the trial, whatever plan it stands in.
  public let id: TrialID
  /// The trials that differ from it in plain values.
  let family: TrialFamily
  /// The trial's number among them.
  let number: Int
  private let columns: AxisColumns
  /// What has been put together already; nil in a plan, where it would be memory for each trial.
  private var assembly: Assembly?

  private final class Assembly: Sendable {
    let settings: SettingValue
    let canonical: String
    let differing: SettingValue?

    init(_ trial: Trial) {
      settings = trial.settings
      canonical = trial.canonical
      differing = trial.differing
    }
  }

  /// A trial as the planner makes it.
  init(id: TrialID, family: TrialFamily, number: Int, columns: AxisColumns) {
    self.id = id
    self.family = family
    self.number = number
    self.columns = columns
  }
}

extension Trial {
  /// All settings that apply, defaults filled in; variants are objects with their `type`, and `repeat`
  /// stands at the top.
  public var settings: SettingValue { assembly?.settings ?? family.settings(number) }

  /// The seed that the experiment file gives.
  public var experimentSeed: Int { family.seed }

  /// Canonical JSON of the settings that differ from the frozen defaults: what ``id`` is made of.
  public var canonical: String { assembly?.canonical ?? family.canonical(number) }

  /// The settings that differ from the frozen defaults.
  private var differing: SettingValue? { assembly?.differing ?? SettingValue(json: canonical) }

  /// The trial with its settings put together once and for all: some kilobytes, for one that is run.
  public func assembled() -> Trial {
    var trial = self
    trial.assembly = Assembly(self)
    return trial
  }

  /// The trial's value on each axis of the plan, as ``Axis/values`` has it; nil where the axis does not
  /// apply.
  public var axisValues: [SettingValue?] {
    zip(columns.axes, axisIndices).map { axis, index in index.map { axis.values[$0] } }
  }

  /// What trials share that agree in all settings but those at or inside some paths; others may share it
  /// as little as one with them, but never two that differ elsewhere.
  ///
  /// It puts nothing together, so that it costs a fraction of what ``settings`` costs.
  public func likeness(ignoring paths: [String]) -> TrialLikeness {
    likeness { name in !paths.contains { name == $0 || name.hasPrefix($0 + ".") } }
  }

  /// What trials share that agree in all settings whose paths matter.
  func likeness(where matters: (_ path: String) -> Bool) -> TrialLikeness {
    TrialLikeness(
      family: ObjectIdentifier(family), first: family.first(alike: number, where: matters))
  }

  /// The index of the trial's value on each axis of the plan; nil where the axis does not apply.
  var axisIndices: [Int?] { columns.indices(family.digits(number)) }
}

/// What trials share that agree in all settings but some: see ``Trial/likeness(ignoring:)``.
public struct TrialLikeness: Hashable, Sendable {
  let family: ObjectIdentifier
  let first: Int
}

extension Trial {
  /// The key of a stream of random numbers that depends on some of the trial's settings only.
  ///
  /// Trials that agree on those settings share the stream: losses compared on the same data, say, when
  /// the data's stream depends on `["data", "dimension", "repeat"]`.
  ///
  /// - Parameters:
  ///   - purpose: what the stream is for ("data", "weights"); other purposes give other streams.
  ///   - paths: dotted paths of the settings it may depend on, in any order. A path that does not
  ///     apply to the trial counts as absent. Inside a group or variant only what differs from the
  ///     frozen defaults counts, so that a new setting with a default changes no stream.
  /// - Returns: the first 64 bits of SHA-256 of the purpose, the experiment's seed and those settings.
  public func streamKey(_ purpose: String, dependingOn paths: [String]) -> UInt64 {
    let settings = settings
    let differing = differing
    var text: [UInt8] = []
    SettingValue.appendQuoted(purpose, to: &text)
    text.append(contentsOf: " seed \(experimentSeed)".utf8)
    for path in Set(paths).sorted() {
      let value: SettingValue? =
        switch settings[path] {
        case .object: differing?[path] ?? .object([SettingValue.Member]())
        case let leaf: leaf
        }
      guard let value else { continue }
      text.append(UInt8(ascii: "\n"))
      SettingValue.appendQuoted(path, to: &text)
      text.append(UInt8(ascii: ":"))
      value.appendCanonicalJSON(to: &text)
    }
    var hash = SHA256()
    hash.update(text)
    let words = hash.finalizeWords()
    return UInt64(words[0]) << 32 | UInt64(words[1])
  }
}
