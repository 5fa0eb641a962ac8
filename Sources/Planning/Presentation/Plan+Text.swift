import Settings

extension Plan: CustomStringConvertible {
  /// The plan for people: axes with their counts, reductions with their reasons, the total.
  public var description: String { description(secondsOf: nil) }

  /// The plan for people, with the time that the trials are expected to take.
  ///
  ///     quickstart: five losses on a Gaussian mixture
  ///       loss       5  esm, ism, ssm, ssm-vr, dsm
  ///       sigma      3  0.05, 0.1, 0.3
  ///       repeat     4  0 to 3
  ///     combinations  60
  ///              -32  sigma applies only to loss dsm
  ///     trials        28
  ///
  /// - Parameter secondsOf: the expected seconds of a trial, nil where nothing is known of it.
  public func description(secondsOf: ((Trial) -> Double?)?) -> String {
    let nameWidth = axes.map(\.name.count).max() ?? 0
    let countWidth = max(String(combinationCount).count, 2)
    var lines = [
      experiment.name == experiment.title
        ? experiment.name : "\(experiment.name): \(experiment.title)"
    ]
    for axis in axes {
      let count = Self.right(String(axis.values.count), countWidth)
      lines.append("  \(Self.left(axis.name, nameWidth))  \(count)  \(Self.summary(of: axis))")
    }
    func total(_ word: String, _ number: String, _ reason: String = "") {
      let gap = Self.right(number, max(nameWidth + 4 + countWidth - word.count, number.count + 1))
      lines.append((word + gap + (reason.isEmpty ? "" : "  " + reason)))
    }
    total("combinations", String(combinationCount))
    for reduction in reductions {
      total("", reduction.count == 0 ? "0" : "-\(reduction.count)", reduction.words)
    }
    total("trials", String(trials.count))
    if let secondsOf {
      let known = trials.compactMap(secondsOf)
      if known.isEmpty {
        lines.append("no time is predicted: no trial like these was measured")
      } else {
        let seconds = known.reduce(0, +) / Double(known.count) * Double(trials.count)
        lines.append("about \(Self.duration(seconds)) of one core")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line for each trial: its id and its values on the axes, those that do not apply left out.
  public var listing: String {
    var text = ""
    for trial in trials {
      text += trial.id.description
      for (axis, value) in zip(axes, trial.axisValues) {
        guard let value else { continue }
        text += "  \(axis.name)=\(Axis.label(value))"
      }
      text += "\n"
    }
    return text
  }

  /// All that is set in one trial, and what its identity is made of; nil where no trial has the id.
  ///
  /// - Parameter id: the id, or as many of its first digits as tell it from the others.
  public func explanation(of id: String) -> String? {
    let found = trials.filter { $0.id.description.hasPrefix(id.lowercased()) }
    guard found.count == 1, let trial = found.first, !id.isEmpty else { return nil }
    var lines = ["trial \(trial.id)"]
    for (axis, value) in zip(axes, trial.axisValues) {
      let word = value.map(Axis.label) ?? "does not apply"
      lines.append("  axis \(axis.name): \(word)")
    }
    for path in trial.settings.leafPaths() {
      let word = trial.settings[path].map(\.canonicalJSON) ?? ""
      let origin =
        axes.contains { path == $0.name || path.hasPrefix($0.name + ".") }
        ? "grid" : experiment.base[path] != nil ? "base" : "default"
      lines.append("  \(path) = \(word)  (\(origin))")
    }
    lines.append("identity: seed \(trial.experimentSeed) and \(trial.canonical)")
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Plan {
  /// The values of an axis, the middle left out where they are many.
  private static func summary(of axis: Axis) -> String {
    let labels = axis.labels
    guard labels.count > 1 else { return labels[0] }
    if axis.name == "repeat" && labels.count > 2 {
      return "\(labels[0]) to \(labels[labels.count - 1])"
    }
    let last = labels[labels.count - 1]
    let whole = labels.joined(separator: ", ")
    guard labels.count > 8 || whole.count > 72 else { return whole }
    var first = Array(labels.dropLast().prefix(4))
    while first.count > 1 && first.joined(separator: ", ").count + last.count > 66 {
      first.removeLast()
    }
    let isAll = first.count == labels.count - 1
    return first.joined(separator: ", ") + (isAll ? ", " : ", …, ") + last
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Seconds as people say them: "40 s", "12 min", "3.5 h".
  static func duration(_ seconds: Double) -> String {
    func word(_ number: Double, _ unit: String) -> String {
      let tenths = (number * 10).rounded() / 10
      let isShort = tenths < 10
      return (isShort ? SettingValue.canonicalNumber(tenths) : String(Int(number.rounded())))
        + " " + unit
    }
    switch seconds {
    case ..<90: return word(seconds, "s")
    case ..<5400: return word(seconds / 60, "min")
    case ..<172_800: return word(seconds / 3600, "h")
    default: return word(seconds / 86_400, "days")
    }
  }
}

extension Reduction {
  /// The reason with what kind of reduction it is, for people.
  var words: String {
    switch kind {
    case .doesNotApply, .repeatedValue, .duplicate: reason
    case .excluded: "excluded: \(reason)"
    }
  }

  /// The kind in one word, for programs.
  var word: String {
    switch kind {
    case .doesNotApply: "does_not_apply"
    case .repeatedValue: "repeated_value"
    case .duplicate: "duplicate"
    case .excluded: "excluded"
    }
  }
}
