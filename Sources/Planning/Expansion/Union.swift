import Settings

/// The trials of all sub-grids, each once.
struct Union {
  /// A trial, or a combination that says the same as one.
  struct Member {
    let id: TrialID
    let family: Int32
    let number: Int32
  }

  /// The trials in order.
  private(set) var trials: [Member] = []
  /// Combinations that say the same as a trial before them.
  private(set) var others: [(trial: Int, family: Int32, number: Int32)] = []
  /// The families of all sub-grids.
  private(set) var families: [TrialFamily] = []
  private var indices: [TrialID: Int32] = [:]  // looked up only, never iterated

  /// Adds the trials of a sub-grid that are new, and counts the others in its ledger.
  mutating func add(_ expander: inout Expander) {
    let firstFamily = Int32(families.count)
    let firstTrial = trials.count
    families += expander.families
    trials.reserveCapacity(trials.count + expander.candidates.count)
    indices.reserveCapacity(trials.count + expander.candidates.count)
    for candidate in expander.candidates {
      let family = firstFamily + candidate.family
      if let known = indices[candidate.id] {
        if Int(known) < firstTrial {
          expander.ledger.known += 1
        } else {
          expander.ledger.duplicates += 1
        }
        others.append((Int(known), family, candidate.number))
      } else {
        indices[candidate.id] = Int32(trials.count)
        trials.append(Member(id: candidate.id, family: family, number: candidate.number))
      }
    }
    expander.candidates = []
  }
}
