import Settings

// The measurements that an experiment asks for.

extension ExperimentReader {
  /// The metrics of an experiment and what tables may call them.
  struct Metrics {
    var specifications: [MetricSpecification] = []
    /// Where the file says them.
    var spots: [Spot] = []
    /// False where a mistake may have hidden a metric, so that its absence proves nothing.
    var areSound = true

    /// The metric with a name, or the only one of a type.
    func named(_ name: String) -> MetricSpecification? {
      if let exact = specifications.first(where: { $0.name == name }) { return exact }
      let typed = specifications.filter { $0.type == name }
      return typed.count == 1 ? typed[0] : nil
    }
  }

  /// Reads the metrics of the file, else those of the first included file that has some.
  mutating func metrics(_ root: JSONNode, _ parts: [IncludedPart]) -> Metrics {
    if let node = root["metrics"]?.value { return metrics(node) }
    for part in parts {
      guard let node = part.node["metrics"]?.value else { continue }
      return reading(part.source) { $0.metrics(node) }
    }
    return Metrics()
  }

  private mutating func metrics(_ node: JSONNode) -> Metrics {
    let path = JSONPath() + "metrics"
    guard case .list(let nodes) = node.content else {
      checker.reportType(node, path, expected: "a list of metrics")
      return Metrics(areSound: false)
    }
    var metrics = Metrics()
    for (index, node) in nodes.enumerated() {
      let place = path + index
      guard let metric = metric(node, at: place) else {
        metrics.areSound = false
        continue
      }
      if metrics.specifications.contains(where: { $0.name == metric.name }) {
        checker.report(
          .duplicateKey, node.span, place, "the metric \(metric.name) is asked for twice",
          remedy: "Remove one of the two.")
      } else {
        metrics.specifications.append(metric)
        metrics.spots.append(spot(node.span, at: place))
      }
    }
    return metrics
  }

  private mutating func metric(_ node: JSONNode, at path: JSONPath) -> MetricSpecification? {
    let count = checker.diagnostics.count
    let owner: String
    if case .text(let name) = node["type"]?.value.content {
      owner = name
    } else {
      owner = "a metric"
    }
    let said = checker.value(
      node, .variant(catalogue.metrics), at: path, settingPath: owner)
    guard let said, checker.diagnostics.count == count else { return nil }
    guard case .text(let type) = said["type"],
      let variant = catalogue.metrics.first(where: { $0.name == type })
    else {
      checker.report(
        .missing, node.span, path, "a metric without type",
        expected: SettingKind.variant(catalogue.metrics).expectation)
      return nil
    }
    var name = type
    var settings = said
    for setting in variant.settings {
      if let value = said[setting.name] {
        if value != setting.defaultValue {
          name += "_\(setting.name)_\(Axis.label(value))"
        }
      } else if let value = setting.defaultValue {
        settings.set([setting.name], to: value)
      } else {
        checker.report(
          .missing, node.span, path, "the metric \(type) needs \(setting.name)",
          expected: setting.kind.expectation,
          remedy: "Write { \"type\": \"\(type)\", \"\(setting.name)\": … }.")
        return nil
      }
    }
    return MetricSpecification(name: name, type: type, settings: settings)
  }
}
