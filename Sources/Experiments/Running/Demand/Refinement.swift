/// What finished trials say of those that are left: how fast the machine really is, and how early
/// trials stop.
struct Refinement: Sendable {
  /// A finished trial beside what was predicted of it.
  struct Finished: Sendable {
    /// Which trials are like it.
    var group: Int
    /// What it took.
    var measuredSeconds: Double
    /// What was predicted for the steps that it made.
    var predictedSeconds: Double
    /// Where it stopped, 0 at the first possible step to 1 at the last; nil where it could not stop
    /// early.
    var stop: Double?
  }

  /// A sum over trials and how many they are.
  private struct Sum: Sendable {
    var total = 0.0
    var count = 0.0
  }

  private let measured: [Double]
  private let predicted: [Double]
  private let stops: [Sum]
  /// Of trials of all groups.
  private let usualRatio: Double
  private let usualStop: Double
  /// Finished trials that count.
  let count: Int

  /// The refinement by finished trials of so many groups.
  init(_ finished: [Finished], groupCount: Int) {
    var measured = [Double](repeating: 0, count: groupCount)
    var predicted = measured
    var number = 0
    var stops = [Sum](repeating: Sum(), count: groupCount)
    for trial in finished where trial.measuredSeconds > 0 && trial.predictedSeconds > 0 {
      guard trial.measuredSeconds.isFinite else { continue }
      number += 1
      measured[trial.group] += trial.measuredSeconds
      predicted[trial.group] += trial.predictedSeconds
      if let stop = trial.stop {
        stops[trial.group].total += stop
        stops[trial.group].count += 1
      }
    }
    let total = predicted.reduce(0, +)
    usualRatio = total > 0 ? measured.reduce(0, +) / total : 1
    let known = stops.filter { $0.count > 0 }
    usualStop = known.reduce(0.5) { $0 + $1.total / $1.count } / Double(known.count + 1)
    count = number
    (self.measured, self.predicted, self.stops) = (measured, predicted, stops)
  }

  /// Measured seconds per predicted one: of like trials where some are finished, else of all; 1
  /// where none is.
  func ratio(of group: Int) -> Double {
    predicted[group] > 0 ? measured[group] / predicted[group] : usualRatio
  }

  /// Where trials stop that may do so early, 0 at the first possible step to 1 at the last.
  ///
  /// Nothing is known of it before: every step between the two is as likely as another, so one half
  /// is expected. That counts as one trial more of a group, and as one group more of all.
  func stop(of group: Int) -> Double {
    (usualStop + stops[group].total) / (1 + stops[group].count)
  }
}
