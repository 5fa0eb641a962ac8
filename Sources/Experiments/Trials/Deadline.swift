/// A trial was stopped on the way; it leaves no record.
struct TrialStopped: Error {}

/// A trial reached its limit of time; it leaves a record of what it has.
struct TrialTimedOut: Error {}

/// What one trial asks whether it may go on: its runner's limits, from the moment that it began.
struct Deadline: Sendable {
  let limits: TrialRunner.Limits
  let start: ContinuousClock.Instant

  /// Whether the run was stopped.
  var isStopped: Bool { limits.isStopped() }

  /// Whether the limit of time has passed.
  var isLate: Bool {
    guard let limit = limits.seconds else { return false }
    return seconds(start.duration(to: ContinuousClock().now)) > limit
  }

  /// Throws where the trial may not go on.
  func check() throws {
    if isStopped { throw TrialStopped() }
    if isLate { throw TrialTimedOut() }
  }
}
