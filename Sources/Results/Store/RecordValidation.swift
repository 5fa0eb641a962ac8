extension TrialRecord {
  /// Names that the group of a stack uses itself.
  private static let reservedNames = [
    Layout.trial, Layout.id, "architecture", "array_names", StackAttributes.names,
  ]

  /// Checks what the format asks of records, before anything is written.
  ///
  /// - Throws: ``ResultsError/invalidRecord(id:reason:)`` for the first record that breaks a rule.
  static func validate(_ records: [TrialRecord]) throws(ResultsError) {
    var ids: Set<String> = []
    for record in records {
      guard ids.insert(record.id).inserted else {
        throw .invalidRecord(id: record.id, reason: "it stands twice among the sealed trials")
      }
      try record.validate()
    }
  }

  private func validate() throws(ResultsError) {
    try require(
      id.utf8.count == 32 && id.allSatisfy { $0.isHexDigit && !$0.isUppercase },
      "its identity is not 32 lowercase hexadecimal digits")
    try requireNames(axes.map(\.name), "an axis")
    try requireNames(metrics.map(\.name), "a metric")
    try requireNames(architecture.isEmpty ? [] : [architecture], "an architecture")
    let attributes = architectureAttributes.map(\.name)
    try requireNames(parameters.map(\.name) + (parameters.isEmpty ? [] : attributes), "a parameter")
    try requireNames(samples.map(\.name), "a sample")
    for name in parameters.map(\.name) + samples.map(\.name) + attributes {
      try require(
        !Self.reservedNames.contains(name), "the name \(name) is taken by the file format")
    }
    let texts = [settings, outcome.message, seed, architecture] + axes.map { $0.value.text }
    try require(!texts.contains { $0.utf8.contains(0) }, "a text holds a NUL character")
    try require(
      curves.allSatisfy { $0.step >= 0 && $0.step < 1 << 53 }, "a checkpoint's step is out of range"
    )
  }

  private func requireNames(_ names: [String], _ what: String) throws(ResultsError) {
    try require(Set(names).count == names.count, "two of its names for \(what) are the same")
    for name in names {
      try require(
        !name.isEmpty && name != "." && !name.utf8.contains(0) && !name.contains("/"),
        "\"\(name)\" cannot be a name for \(what) in a results file")
    }
  }

  private func require(_ condition: Bool, _ reason: String) throws(ResultsError) {
    guard condition else { throw .invalidRecord(id: id, reason: reason) }
  }
}

extension AxisValue? {
  fileprivate var text: String {
    if case .text(let text) = self { text } else { "" }
  }
}
