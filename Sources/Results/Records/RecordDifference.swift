/// Something in which two attempts at a trial differ.
public struct RecordDifference: Sendable, Equatable, CustomStringConvertible {
  /// What differs: `fisher_divergence`, `parameters layer0.weight`, `steps`.
  public var what: String
  /// What the first has.
  public var one: String
  /// What the second has.
  public var other: String

  /// `steps 100 and 200`.
  public var description: String { "\(what) \(one) and \(other)" }
}

extension TrialRecord {
  /// In what two attempts at a trial differ, bit for bit, as far as both have it.
  ///
  /// How long they took may differ, and one may lack a metric that was asked for later.
  public func differences(from other: TrialRecord) -> [RecordDifference] {
    var found: [RecordDifference] = []
    func compare(_ what: String, _ one: String, _ other: String) {
      guard one != other else { return }
      found.append(RecordDifference(what: what, one: one, other: other))
    }
    compare("status", outcome.status.rawValue, other.outcome.status.rawValue)
    compare("steps", "\(steps)", "\(other.steps)")
    compare("parameter_count", "\(parameterCount)", "\(other.parameterCount)")
    compare("seed", seed, other.seed)
    for metric in metrics {
      guard let value = other.metric(metric.name),
        value.bitPattern != metric.value.bitPattern
      else { continue }
      found.append(RecordDifference(metric.name, metric.value, value))
    }
    found += Self.differences(curves, other.curves)
    compare("architecture", architecture, other.architecture)
    if !parameters.isEmpty, !other.parameters.isEmpty,
      architectureAttributes != other.architectureAttributes
    {
      found.append(
        RecordDifference(what: "attributes of the model", one: "one form", other: "another"))
    }
    found += Self.differences("parameters", parameters, other.parameters)
    found += Self.differences("samples", samples, other.samples)
    return found
  }

  private static func differences(
    _ one: [CurvePoint], _ other: [CurvePoint]
  ) -> [RecordDifference] {
    guard one.count == other.count else {
      return [
        RecordDifference(what: "checkpoints", one: "\(one.count)", other: "\(other.count)")
      ]
    }
    guard let index = one.indices.first(where: { one[$0] != other[$0] }) else { return [] }
    let (a, b) = (one[index], other[index])
    let place = "checkpoint \(index)"
    guard a.step == b.step else {
      return [RecordDifference(what: "step of \(place)", one: "\(a.step)", other: "\(b.step)")]
    }
    let parts: [(String, Double, Double)] = [
      ("training loss", a.trainingLoss, b.trainingLoss),
      ("validation loss", a.validationLoss, b.validationLoss),
      ("gradient norm", a.gradientNorm, b.gradientNorm),
    ]
    return parts.filter { $0.1.bitPattern != $0.2.bitPattern }
      .map { RecordDifference("\($0.0) at step \(a.step)", $0.1, $0.2) }
  }

  private static func differences(
    _ kind: String, _ one: [NamedArray], _ other: [NamedArray]
  ) -> [RecordDifference] {
    func names(_ arrays: [NamedArray]) -> String {
      arrays.isEmpty ? "none" : arrays.map(\.name).joined(separator: ", ")
    }
    guard one.map(\.name) == other.map(\.name) else {
      return [RecordDifference(what: kind, one: names(one), other: names(other))]
    }
    return zip(one, other).compactMap { a, b in
      guard a != b else { return nil }
      let what = "\(kind) \(a.name)"
      guard a.shape == b.shape, let (index, x, y) = firstDifference(a.values, b.values) else {
        return RecordDifference(what: what, one: "of \(a.form)", other: "of \(b.form)")
      }
      return RecordDifference("\(what), element \(index) of \(a.values.count),", x, y)
    }
  }

  /// The first element that differs; nil where the precision does.
  private static func firstDifference(
    _ one: NamedArray.Values, _ other: NamedArray.Values
  ) -> (Int, Double, Double)? {
    switch (one, other) {
    case (.float32(let a), .float32(let b)):
      a.indices.first { a[$0].bitPattern != b[$0].bitPattern }
        .map { ($0, Double(a[$0]), Double(b[$0])) }
    case (.float64(let a), .float64(let b)):
      a.indices.first { a[$0].bitPattern != b[$0].bitPattern }.map { ($0, a[$0], b[$0]) }
    default: nil
    }
  }
}

extension NamedArray {
  fileprivate var form: String {
    switch values {
    case .float32: "float32 \(shape)"
    case .float64: "float64 \(shape)"
    }
  }
}

extension RecordDifference {
  /// Two numbers in the digits that tell every Double from every other, payloads of NaN among them.
  fileprivate init(_ what: String, _ one: Double, _ other: Double) {
    self.init(what: what, one: "\(one)", other: "\(other)")
  }
}
