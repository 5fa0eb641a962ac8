import Results

/// The trials that fall into one cell of a table.
struct CellTrials {
  var records: [TrialRecord] = []
  var waiting: [TrialFacts] = []

  /// The records of trials that did all they were asked.
  var completed: [TrialRecord] { records.filter { $0.outcome.status == .completed } }

  /// The other records, counted by how they ended.
  var failures: [Table.Failure] {
    Status.allCases.filter { $0 != .completed }.compactMap { status in
      let count = records.count { $0.outcome.status == status }
      return count > 0 ? Table.Failure(status: status, count: count) : nil
    }
  }

  /// The trials parted by their values on some axes, in the order met.
  func grouped(by axes: [String]) -> [(values: [AxisValue?], trials: CellTrials)] {
    var groups: [(values: [AxisValue?], trials: CellTrials)] = []
    var positions: [[AxisValue?]: Int] = [:]
    func position(_ facts: TrialFacts) -> Int {
      let values = facts.values(on: axes)
      if let known = positions[values] { return known }
      positions[values] = groups.count
      groups.append((values, CellTrials()))
      return groups.count - 1
    }
    for record in records { groups[position(record.facts)].trials.records.append(record) }
    for trial in waiting { groups[position(trial)].trials.waiting.append(trial) }
    return groups
  }
}

extension TrialRecord {
  /// Where the trial stands.
  var facts: TrialFacts { TrialFacts(axes: axes, settings: settings) }
}

extension ExperimentDescription.PlannedTrial {
  /// Where the trial stands.
  var facts: TrialFacts { TrialFacts(axes: axes, settings: settings) }
}
