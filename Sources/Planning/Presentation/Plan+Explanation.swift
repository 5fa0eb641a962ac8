import Settings

/// A stream of random numbers: what it is for, and the settings that it may depend on.
public struct StreamDescription: Sendable {
  /// What it is for: "data", "weights".
  public let purpose: String
  /// The dotted paths of the settings that it may depend on.
  public let paths: [String]

  /// A stream for a purpose that depends on settings at these paths.
  public init(_ purpose: String, dependingOn paths: [String]) {
    self.purpose = purpose
    self.paths = paths
  }
}

extension Plan {
  /// All that is set in one trial and where, which draws it shares with others, and what its identity is
  /// made of; nil where no single trial has the id.
  ///
  /// - Parameters:
  ///   - id: the id, or as many of its first digits as tell it from the others.
  ///   - streams: the streams of random numbers that the trial draws from.
  public func explanation(
    of id: String, streams: (Trial) -> [StreamDescription] = { _ in [] }
  ) -> String? {
    let found = trials.filter { $0.id.description.hasPrefix(id.lowercased()) }
    guard found.count == 1, let trial = found.first, !id.isEmpty else { return nil }
    var lines = ["trial \(trial.id)"]
    if grids.count > 1 {
      let name = grids[trial.family.subGrid].name
      lines.append("  of the grid " + (name.isEmpty ? "at the top" : name))
    }
    for (axis, value) in zip(axes, trial.axisValues) {
      let word = value.map(Axis.label) ?? "does not apply"
      lines.append("  axis \(axis.name): \(word)")
    }
    lines.append("settings:")
    let settings = trial.settings
    let combination = trial.family.combination(trial.family.digits(trial.number))
    for path in settings.leafPaths() {
      let word = settings[path].map(\.canonicalJSON) ?? ""
      let origin = combination.origin(of: path).map(\.description) ?? "default"
      lines.append("  \(path) = \(word)  (\(origin))")
    }
    lines += sharing(of: trial, streams(trial))
    lines.append("identity: seed \(trial.experimentSeed) and \(trial.canonical)")
    return lines.joined(separator: "\n") + "\n"
  }

  /// For each stream what it depends on and how many other trials draw the same numbers.
  private func sharing(of trial: Trial, _ streams: [StreamDescription]) -> [String] {
    guard !streams.isEmpty else { return [] }
    let settings = trial.settings
    return ["random draws:"]
      + streams.map { stream in
        let key = trial.streamKey(stream.purpose, dependingOn: stream.paths)
        // The same for all trials that agree in what the stream depends on: asked once of them.
        var shared: [TrialLikeness: Bool] = [:]  // looked up only, never iterated
        let others =
          trials.count { other in
            let likeness = other.likeness { name in stream.paths.contains { $0.isRelated(to: name) }
            }
            if let isShared = shared[likeness] { return isShared }
            let isShared = other.streamKey(stream.purpose, dependingOn: stream.paths) == key
            shared[likeness] = isShared
            return isShared
          } - 1
        let paths = stream.paths.filter { settings[$0] != nil }
        let words = SettingKind.enumerated(paths, last: "and")
        let sharing =
          switch others {
          case 0: "no other trial has them"
          case 1: "1 other trial has the same"
          default: "\(others) other trials have the same"
          }
        return "  \(stream.purpose): by \(words); \(sharing)"
      }
  }
}
