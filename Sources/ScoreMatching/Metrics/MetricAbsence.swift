/// Why a metric does not exist for a trial, a clause: "data from a file have no exact score".
public struct MetricAbsence: Error, Sendable, Hashable, CustomStringConvertible {
  /// The clause.
  public let description: String

  init(_ description: String) { self.description = description }
}

extension Optional {
  /// The value, or the reason why a metric that needs it does not exist.
  func orAbsent(_ reason: @autoclosure () -> String) throws(MetricAbsence) -> Wrapped {
    guard let self else { throw MetricAbsence(reason()) }
    return self
  }
}
