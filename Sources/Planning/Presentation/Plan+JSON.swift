import Settings

extension Plan {
  /// The plan for programs: one JSON object, one trial to a line.
  ///
  /// Keys: `name`, `title`, `seed`, `plan_sha256`, `combinations`, `axes` (`name`, `values`), `grids`
  /// (`name`, empty for the one at the top; `factors` with `name`, `axes`, `count` and, for those of
  /// `for`, `condition`; `product`, `combinations`, `trials`), `reductions` (`grid`, `kind`, `reason`,
  /// `count`), `partial_metrics` (`name`, `trials`, `absences` with `reason` and `count`) and `trials` (`id`, `grid`, `axes`, null where one does not apply, and all `settings`).
  ///
  /// - Parameter members: what others add to the object, before the trials.
  public func json(adding members: [SettingValue.Member] = []) -> String {
    var text = ""
    writeJSON(adding: members) { text += $0 }
    return text
  }

  /// Writes ``json(adding:)`` in pieces of about a megabyte: that of a million trials has gigabytes.
  public func writeJSON(
    adding members: [SettingValue.Member] = [], to write: (String) -> Void
  ) {
    var text: [UInt8] = []
    func flush(above size: Int) {
      guard text.count > size else { return }
      write(String(decoding: text, as: UTF8.self))
      text.removeAll(keepingCapacity: true)
    }
    func append(_ words: String) { text.append(contentsOf: words.utf8) }
    func append(_ value: SettingValue) { value.appendCanonicalJSON(to: &text) }
    func appendList(_ name: String, _ values: [SettingValue]) {
      append("  \"\(name)\": [")
      for (index, value) in values.enumerated() {
        append(index == 0 ? "\n    " : ",\n    ")
        append(value)
      }
      append(values.isEmpty ? "],\n" : "\n  ],\n")
    }

    append("{\n  \"name\": \(SettingValue.quoted(experiment.name)),\n")
    append("  \"title\": \(SettingValue.quoted(experiment.title)),\n")
    append("  \"seed\": \(experiment.seed),\n")
    append("  \"plan_sha256\": \"\(digest)\",\n")
    append("  \"combinations\": \(combinationCount),\n")
    appendList("axes", axes.map(\.json))
    appendList("grids", grids.map(\.json))
    appendList("reductions", reductions.map(\.json))
    appendList("partial_metrics", partialMetrics.map(\.json))
    for member in members {
      append("  \(SettingValue.quoted(member.name)): ")
      append(member.value)
      append(",\n")
    }
    append("  \"trials\": [")
    for (index, trial) in trials.enumerated() {
      append(index == 0 ? "\n    {\"id\":\"" : ",\n    {\"id\":\"")
      text.append(contentsOf: trial.id.hexDigits)
      append("\",\"grid\":")
      SettingValue.appendQuoted(grids[trial.family.subGrid].name, to: &text)
      append(",\"axes\":{")
      for (place, (axis, value)) in zip(axes, trial.axisValues).enumerated() {
        if place > 0 { append(",") }
        SettingValue.appendQuoted(axis.name, to: &text)
        append(":")
        append(value ?? .null)
      }
      append("},\"settings\":")
      append(trial.settings)
      append("}")
      flush(above: 1 << 20)
    }
    append("\n  ]\n}\n")
    flush(above: 0)
  }
}

extension Axis {
  fileprivate var json: SettingValue {
    .object(["name": .text(name), "values": .list(values)])
  }
}

extension PlannedGrid {
  fileprivate var json: SettingValue {
    .object([
      "name": .text(name), "product": .number(Double(productCount)),
      "combinations": .number(Double(combinationCount)), "trials": .number(Double(trialCount)),
      "factors": .list(
        factors.map { factor in
          .object([
            "name": .text(factor.name), "count": .number(Double(factor.count)),
            "axes": .list(factor.axes.map { .text($0.name) }),
            "condition": factor.condition.map { .text($0) } ?? .null,
          ])
        }),
    ])
  }
}

extension PartialMetric {
  fileprivate var json: SettingValue {
    .object([
      "name": .text(name), "trials": .number(Double(trialCount)),
      "absences": .list(
        absences.map {
          .object(["reason": .text($0.reason), "count": .number(Double($0.count))])
        }),
    ])
  }
}

extension Reduction {
  fileprivate var json: SettingValue {
    .object([
      "grid": .text(grid), "kind": .text(word), "reason": .text(reason),
      "count": .number(Double(count)),
    ])
  }

  /// The kind in one word, for programs.
  private var word: String {
    switch kind {
    case .doesNotApply: "does_not_apply"
    case .repeatedValue: "repeated_value"
    case .duplicate: "duplicate"
    case .excluded: "excluded"
    case .unselected: "unselected"
    case .known: "known"
    }
  }
}
