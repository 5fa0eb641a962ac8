import Settings

extension Expander {
  /// A walk over the trials of one family.
  struct Visit {
    let family: TrialFamily
    let problems: [Resolution.Problem]
    /// For each slot the leaf and the rows that it does not take.
    let invalid: [(leaf: Resolution.Leaf, flags: [Bool])?]
    /// How many factors the grid has without rules, `repeat` included.
    let levels: Int
    /// The place of each factor's row among its representatives, and the rows.
    var places: [Int]
    var digits: [Int]
    /// The settings after the first k of the slots are filled, so that only changes are redone.
    var settings: [SettingValue]
    /// The first factor whose row is not yet in `settings`.
    var changed = 0
    /// The exclusion, or the selection, that took the trial before in all repeats.
    var verdict = Verdict.kept
    /// How many repeats the walk goes through; 1 where a rule that asks for `repeat` fixes it.
    let repeats: Int

    /// What becomes of a trial.
    enum Verdict {
      case kept, unselected
      case excluded(Int)
    }

    init(
      _ family: TrialFamily, problems: [Resolution.Problem],
      invalid: [(leaf: Resolution.Leaf, flags: [Bool])?], levels: Int
    ) {
      self.family = family
      self.problems = problems
      self.invalid = invalid
      self.levels = levels
      places = Array(repeating: 0, count: family.rows.count)
      digits = family.rows.map { $0[0] }
      settings = Array(repeating: family.settings, count: family.slots.count + 1)
      repeats = family.combination.isFixed.last == false ? family.rows.last?.count ?? 1 : 1
    }

    /// Whether the trial at hand is the first of those that differ in `repeat` alone.
    var isFirstRepeat: Bool { repeats == 1 || places.last == 0 }

    /// Steps to the next trial; false after the last.
    mutating func advance() -> Bool {
      for factor in places.indices.reversed() {
        places[factor] += 1
        changed = min(changed, factor)
        if places[factor] < family.rows[factor].count {
          digits[factor] = family.rows[factor][places[factor]]
          return true
        }
        places[factor] = 0
        digits[factor] = family.rows[factor][0]
      }
      return false
    }

    /// The settings of the trial at hand.
    mutating func currentSettings() -> SettingValue {
      let first = family.slots.firstIndex { $0.factor >= changed } ?? family.slots.count
      for place in first..<family.slots.count {
        let slot = family.slots[place]
        var next = settings[place]
        next.set(slot.path, to: slot.axis.values[digits[slot.factor]])
        settings[place + 1] = next
      }
      changed = places.count
      return settings[family.slots.count]
    }
  }

  /// Makes the trials of a family.
  mutating func visit(_ walk: Visit) {
    var walk = walk
    let family = Int32(families.count)
    let hasConditions = !exclusions.isEmpty || !experiment.selection.isEmpty
    var number: Int32 = 0
    repeat {
      defer { number += 1 }
      if hasConditions && (walk.isFirstRepeat || conditionsSeeRepeat) {
        walk.verdict = verdict(on: walk.currentSettings())
      }
      switch walk.verdict {
      case .excluded(let index):
        ledger.excluded[index] += 1
        continue
      case .unselected:
        ledger.unselected += 1
        continue
      case .kept:
        break
      }
      guard isSound(&walk) else { continue }
      candidates.append(candidate(walk, family: family, number: number))
    } while walk.advance()
  }

  private func verdict(on settings: SettingValue) -> Visit.Verdict {
    if let index = exclusions.first(where: { experiment.exclusions[$0].matches(settings) }) {
      return .excluded(index)
    }
    return experiment.selection.allSatisfy { $0.holds(in: settings) } ? .kept : .unselected
  }

  /// Whether a trial has a meaning; what it has wrong is noted.
  private mutating func isSound(_ walk: inout Visit) -> Bool {
    var isSound = true
    for problem in walk.problems {
      mistakes.note(problem, walk.family.combination(walk.digits))
      isSound = false
    }
    for (slot, invalid) in zip(walk.family.slots, walk.invalid) {
      guard let invalid, invalid.flags[walk.digits[slot.factor]] else { continue }
      mistakes.noteInvalid(
        invalid.leaf, slot.axis.values[walk.digits[slot.factor]],
        walk.family.combination(walk.digits))
      isSound = false
    }
    // No rule depends on `repeat`.
    if isSound && walk.isFirstRepeat {
      noteRefusals(of: walk.currentSettings(), walk)
    }
    return isSound
  }

  /// Notes what has no meaning in a trial, and where that is nothing which metrics have none for it.
  private mutating func noteRefusals(of settings: SettingValue, _ walk: Visit) {
    var isRefused = false
    for rule in catalogue.rules {
      guard let refusal = rule(settings) else { continue }
      isRefused = true
      mistakes.note(
        refusal, settings, walk.family.combination(walk.digits), trials: walk.repeats)
    }
    guard !isRefused else { return }
    for (metric, spot) in zip(experiment.metrics, experiment.metricSpots) {
      for rule in catalogue.metricRules {
        guard let refusal = rule(metric.settings, settings) else { continue }
        mistakes.note(
          refusal, settings, walk.family.combination(walk.digits), trials: walk.repeats,
          of: (metric.name, spot))
      }
    }
  }

  private func candidate(_ walk: Visit, family: Int32, number: Int32) -> Candidate {
    var text = hashPrefix
    walk.family.template.append(to: &text, digits: walk.digits)
    text.append(UInt8(ascii: "}"))
    var hash = SHA256()
    hash.update(text)
    let factors = walk.family.combination.factors
    let rows = walk.family.allRows(walk.digits)
    var (major, minor) = (0, 0)
    for (factor, row) in zip(factors, rows).prefix(walk.levels - 1) {
      major = major * factor.count + row
    }
    for (factor, row) in zip(factors, rows).dropFirst(walk.levels - 1) {
      minor = minor * factor.count + row
    }
    return Candidate(
      id: TrialID(hash.finalizeWords()), family: family, number: number, major: major,
      minor: minor)
  }
}
