import Planning
import Results

extension TrialRunner {
  /// Runs a trial unless the memory that it is predicted to take is more than there is.
  ///
  /// The system promises memory that it does not have and ends the process that touches it, and an array
  /// that is refused ends it too: with it the other trials under way. Predictions are a few percent off.
  ///
  /// - Parameters:
  ///   - bytes: what the trial is predicted to take.
  ///   - free: what the process may take in all.
  func run(_ trial: Trial, taking bytes: Int, of free: Int) -> TrialRecord? {
    guard bytes > free, bytes - free > free / 10 else { return run(trial) }
    var record = record(
      of: trial,
      Outcome(
        .outOfMemory,
        message:
          "not run: it takes about \(Self.gigabytes(bytes)), and \(Self.gigabytes(free)) are "
          + "free; use a smaller dimension, batch or model, fewer rows or chains, or a larger machine"
      ))
    record.seconds = 0
    return record
  }

  private static func gigabytes(_ bytes: Int) -> String {
    "\((Double(bytes) / 1e8).rounded() / 10) GB"
  }
}
