/// What there is to say of a trial's metrics, each remark once with the metrics that it is about.
struct MetricRemarks {
  private var remarks: [(text: String, isHindrance: Bool, names: [String])] = []

  /// Takes in what is said of a metric.
  ///
  /// - Parameter isHindrance: whether there is no number, rather than a doubtful one.
  mutating func add(_ text: String, of name: String, isHindrance: Bool) {
    guard let place = remarks.firstIndex(where: { $0.text == text }) else {
      remarks.append((text, isHindrance, [name]))
      return
    }
    if !remarks[place].names.contains(name) { remarks[place].names.append(name) }
  }

  /// All of them, one clause after the other; empty where there are none.
  var text: String {
    remarks.map { remark in
      let verb = remark.names.count == 1 ? "is" : "are"
      return remark.names.joined(separator: ", ")
        + (remark.isHindrance ? " \(verb) not defined: " : ": ") + remark.text
    }.joined(separator: "; ")
  }
}
