import Planning
import Synchronization

/// Data sets by the settings that they depend on: the trials that compare losses, models and noise
/// scales on the same draws share them.
///
/// It holds on to the data sets used last, up to a fixed size; what a trial has in hand lives as long
/// as the trial.
final class DataCache: Sendable {
  private struct Entry {
    var key: UInt64
    var data: TrialData
    var bytes: Int
  }

  /// The one used last at the end.
  private let entries = Mutex<[Entry]>([])
  /// Bytes that are kept at most: a twentieth of the memory that was free at first, within the part
  /// that a sweep leaves to what its estimates do not count.
  private let limit = min(64 << 20, Memory.available(threads: 1) / 20)

  /// The data of a trial, drawn or read where they are not at hand.
  func data(_ trial: Trial, files: DataFiles) throws(TrialFailure) -> TrialData {
    let key = trial.streamKey("data set", dependingOn: TrialData.dependencies)
    if let known = take(key) { return known }
    // Outside the lock: two workers may draw the same data, and get the same.
    let data = try TrialData(trial, files: files)
    let count = data.train.count + data.validation.count + data.test.count
    keep(Entry(key: key, data: data, bytes: count * MemoryLayout<Double>.stride))
    return data
  }

  private func take(_ key: UInt64) -> TrialData? {
    entries.withLock { entries in
      guard let place = entries.firstIndex(where: { $0.key == key }) else { return nil }
      entries.append(entries.remove(at: place))
      return entries.last?.data
    }
  }

  private func keep(_ entry: Entry) {
    guard entry.bytes <= limit else { return }
    entries.withLock { entries in
      entries.removeAll { $0.key == entry.key }
      entries.append(entry)
      var total = entries.reduce(0) { $0 + $1.bytes }
      while total > limit, !entries.isEmpty { total -= entries.removeFirst().bytes }
    }
  }
}
