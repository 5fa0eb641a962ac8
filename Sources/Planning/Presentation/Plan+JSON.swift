import Settings

extension Plan {
  /// The plan for programs: one JSON object, one trial to a line.
  ///
  /// Keys: `name`, `title`, `seed`, `plan_sha256`, `combinations`, `axes` (`name`, `values`),
  /// `reductions` (`kind`, `reason`, `count`) and `trials` (`id`, `axes`, null where one does not apply,
  /// and all `settings`).
  public var json: String {
    var text: [UInt8] = []
    func append(_ words: String) { text.append(contentsOf: words.utf8) }
    func append(_ value: SettingValue) { value.appendCanonicalJSON(to: &text) }

    append("{\n  \"name\": \(SettingValue.quoted(experiment.name)),\n")
    append("  \"title\": \(SettingValue.quoted(experiment.title)),\n")
    append("  \"seed\": \(experiment.seed),\n")
    append("  \"plan_sha256\": \"\(digest)\",\n")
    append("  \"combinations\": \(combinationCount),\n")
    append("  \"axes\": [")
    for (index, axis) in axes.enumerated() {
      append(index == 0 ? "\n    " : ",\n    ")
      append(SettingValue.object(["name": .text(axis.name), "values": .list(axis.values)]))
    }
    append("\n  ],\n  \"reductions\": [")
    for (index, reduction) in reductions.enumerated() {
      append(index == 0 ? "\n    " : ",\n    ")
      append(
        SettingValue.object([
          "kind": .text(reduction.word), "reason": .text(reduction.reason),
          "count": .number(Double(reduction.count)),
        ]))
    }
    append(reductions.isEmpty ? "],\n" : "\n  ],\n")
    append("  \"trials\": [")
    for (index, trial) in trials.enumerated() {
      append(index == 0 ? "\n    {\"id\":\"" : ",\n    {\"id\":\"")
      text.append(contentsOf: trial.id.hexDigits)
      append("\",\"axes\":{")
      for (place, axis) in axes.enumerated() {
        if place > 0 { append(",") }
        SettingValue.appendQuoted(axis.name, to: &text)
        append(":")
        append(trial.axisValues[place] ?? .null)
      }
      append("},\"settings\":")
      append(trial.settings)
      append("}")
    }
    append("\n  ]\n}\n")
    return String(decoding: text, as: UTF8.self)
  }
}
