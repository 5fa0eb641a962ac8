import Settings

// The tables that an experiment asks for.

extension ExperimentReader {
  private static let tableKeys = [
    "name", "title", "rows", "columns", "value", "statistic", "select", "best", "where",
  ]

  /// Reads the list of tables, each with the place where it begins.
  mutating func tables(
    _ node: JSONNode?, axes: [String], metrics: Metrics
  ) -> ([TableSpecification], [Spot]) {
    let path = JSONPath() + "tables"
    guard let node else { return ([], []) }
    guard case .list(let nodes) = node.content else {
      checker.reportType(node, path, expected: "a list of tables")
      return ([], [])
    }
    var tables: [TableSpecification] = []
    var spots: [Spot] = []
    for (index, node) in nodes.enumerated() {
      guard let table = table(node, axes: axes, metrics: metrics, at: path + index) else {
        continue
      }
      if tables.contains(where: { $0.name == table.name }) {
        checker.report(
          .duplicateKey, node["name"]?.value.span ?? node.span, path + index + "name",
          "two tables are called \(SettingValue.quoted(table.name))",
          remedy: "Give each its own name.")
      }
      tables.append(table)
      spots.append(spot(node.span.lowerBound..<node.span.lowerBound + 1, at: path + index))
    }
    return (tables, spots)
  }

  private mutating func table(
    _ node: JSONNode, axes: [String], metrics: Metrics, at path: JSONPath
  ) -> TableSpecification? {
    guard case .object(let members) = node.content else {
      checker.reportType(
        node, path, expected: "an object with name, rows, value and perhaps columns")
      return nil
    }
    checkKeys(members, known: Self.tableKeys, at: path, of: "a table")
    for key in ["name", "rows", "value"] where node[key] == nil {
      checker.report(
        .missing, node.span.lowerBound..<node.span.lowerBound + 1, path,
        "a table without \(key)", expected: "name, rows, value and perhaps columns")
    }
    let name = fileWord(node["name"]?.value, at: path + "name")
    let title = text(node["title"]?.value, at: path + "title")
    let rows = sideName(node["rows"]?.value, axes, at: path + "rows")
    let columns = sideName(node["columns"]?.value, axes, at: path + "columns")
    let value = metricName(node["value"]?.value, metrics, at: path + "value")
    let statistic = word(
      node["statistic"]?.value, TableSpecification.Statistic.self, at: path + "statistic")
    let best = word(node["best"]?.value, TableSpecification.Direction.self, at: path + "best")
    let select = node["select"].flatMap {
      selection($0.value, axes: axes, metrics: metrics, at: path + "select")
    }
    let conditions =
      node["where"].map { self.conditions($0.value, axes: axes, at: path + "where") } ?? []
    guard let name, let rows, let value, node["columns"] == nil || columns != nil,
      node["select"] == nil || select != nil
    else { return nil }
    if rows == columns, let member = node["columns"] {
      checker.report(
        .conflict, member.value.span, path + "columns", "the same axis as rows",
        expected: "another axis")
    }
    return TableSpecification(
      name: name, title: title ?? name, rows: rows, columns: columns, value: value,
      statistic: statistic ?? .meanAndDeviation, select: select, best: best,
      conditions: conditions)
  }

  private mutating func selection(
    _ node: JSONNode, axes: [String], metrics: Metrics, at path: JSONPath
  ) -> TableSpecification.Selection? {
    guard case .object(let members) = node.content else {
      checker.reportType(node, path, expected: "{ \"over\": [axes], \"by\": metric }")
      return nil
    }
    checkKeys(members, known: ["over", "by", "best"], at: path, of: "select")
    for key in ["over", "by"] where node[key] == nil {
      checker.report(
        .missing, node.span.lowerBound..<node.span.lowerBound + 1, path,
        "select without \(key)", expected: "{ \"over\": [axes], \"by\": metric }")
    }
    var over: [String] = []
    if let list = node["over"]?.value {
      if case .list(let nodes) = list.content {
        for (index, node) in nodes.enumerated() {
          over += axisName(node, axes, at: path + "over" + index).map { [$0] } ?? []
        }
      } else {
        over += axisName(list, axes, at: path + "over").map { [$0] } ?? []
      }
    }
    let by = metricName(node["by"]?.value, metrics, at: path + "by")
    let best = word(node["best"]?.value, TableSpecification.Direction.self, at: path + "best")
    if over.contains("repeat"), let list = node["over"]?.value {
      checker.report(
        .conflict, list.span, path + "over", "the best repeat would be a draw of luck",
        expected: "hyper-parameters; statistics are taken over repeats")
      return nil
    }
    // What names no axis has been reported; the others alone would select something else.
    let wanted = if case .list(let nodes) = node["over"]?.value.content { nodes.count } else { 1 }
    guard let by, !over.isEmpty, over.count == wanted else { return nil }
    return TableSpecification.Selection(over: over, by: by, best: best ?? .lowest)
  }

  /// Reads what runs down or across: an axis, or any setting, which may be the same in all trials.
  private mutating func sideName(
    _ node: JSONNode?, _ axes: [String], at path: JSONPath
  ) -> String? {
    if case .text(let name) = node?.content, vocabulary[name] != nil { return name }
    return axisName(node, axes, at: path, orAlso: vocabulary.paths)
  }

  private mutating func axisName(
    _ node: JSONNode?, _ axes: [String], at path: JSONPath, orAlso settings: [String] = []
  ) -> String? {
    guard let node, let name = text(node, at: path) else { return nil }
    if axes.contains(name) { return name }
    // The grid itself may have a mistake at this axis; that one is reported there.
    if !mentionedAxes.contains(name) {
      checker.report(
        .unknownName, node.span, path, "the grid has no axis \(SettingValue.quoted(name))",
        expected: axes.isEmpty ? "an axis of the grid" : SettingKind.enumerated(axes, last: "or"),
        nearest: nearestName(to: name, among: axes) ?? nearestName(to: name, among: settings))
    }
    return nil
  }

  /// Reads the name of a metric, of its value on validation data, or of a recorded quantity.
  private mutating func metricName(
    _ node: JSONNode?, _ metrics: Metrics, at path: JSONPath
  ) -> String? {
    guard let node, let name = text(node, at: path) else { return nil }
    if let metric = metrics.named(name) { return metric.name }
    let recorded = catalogue.recordedQuantities.map(\.name)
    if recorded.contains(name) { return name }
    let prefix = "validation_"
    if name.hasPrefix(prefix), let metric = metrics.named(String(name.dropFirst(prefix.count))) {
      return prefix + metric.name
    }
    guard metrics.areSound else { return nil }
    let known = metrics.specifications.map(\.name) + recorded
    let bare = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    let isMetric = catalogue.metrics.contains { $0.name == bare }
    checker.report(
      .unknownName, node.span, path,
      isMetric
        ? "the experiment does not measure \(bare)"
        : "no metric is called \(SettingValue.quoted(name))",
      expected: SettingKind.enumerated(known, last: "or") + ", or validation_ and a metric",
      nearest: nearestName(to: name, among: known + known.map { prefix + $0 }),
      remedy: isMetric ? "Add \"\(bare)\" to metrics." : nil)
    return nil
  }

  private mutating func word<Word: RawRepresentable & CaseIterable>(
    _ node: JSONNode?, _: Word.Type, at path: JSONPath
  ) -> Word? where Word.RawValue == String {
    guard let node else { return nil }
    let choices = Word.allCases.map { Choice($0.rawValue, "") }
    let value = checker.value(node, .choice(choices), at: path, settingPath: "")
    return if case .text(let text) = value { Word(rawValue: text) } else { nil }
  }
}
