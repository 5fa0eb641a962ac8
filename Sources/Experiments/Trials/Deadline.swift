/// A trial was stopped on the way; it leaves no record.
struct TrialStopped: Error {}

/// A trial reached its limit of time; it leaves a record of what it has.
struct TrialTimedOut: Error {}

/// What one trial asks whether it may go on, and where it notes how far it is: its runner's limits, from
/// the moment that it began, the time of earlier runs included.
struct Deadline: Sendable {
  let limits: TrialRunner.Limits
  let start: ContinuousClock.Instant
  let progress: TrialProgress

  /// Whether the run was stopped.
  var isStopped: Bool { limits.isStopped() }

  /// Whether the limit of time has passed.
  var isLate: Bool {
    guard let limit = limits.seconds else { return false }
    return secondsSpent > limit
  }

  /// Wall-clock time that the trial has taken, in all runs.
  var secondsSpent: Double {
    progress.earlierSeconds + seconds(start.duration(to: ContinuousClock().now))
  }

  /// Throws where the trial may not go on.
  func check() throws {
    if isStopped { throw TrialStopped() }
    if isLate { throw TrialTimedOut() }
  }
}
