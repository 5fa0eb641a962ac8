import Settings

extension Plan {
  /// The plan of some of its trials: the same file, axes, counts of grids and tables.
  ///
  /// - Parameter places: which trials, in ascending order.
  public func keeping(_ places: [Int]) -> Plan {
    var numbers: [Int: Int] = [:]  // looked up only
    for (number, place) in places.enumerated() { numbers[place] = number }
    let kept = places.map { trials[$0] }
    var hash = SHA256()
    for trial in kept { hash.update(trial.id.hexDigits) }
    var plan = Plan(
      experiment: experiment, axes: axes, trials: kept, grids: grids, tables: tables,
      digest: SHA256.hex(hash.finalize()),
      others: others.compactMap { other in
        numbers[other.trial].map { ($0, other.axisIndices) }
      })
    plan.omittedTables = omittedTables
    return plan
  }
}
