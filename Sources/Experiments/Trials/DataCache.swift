import Planning
import Synchronization

/// Data sets by the settings that they depend on: the trials that compare losses, models and noise
/// scales on the same draws share them.
///
/// It holds on to the data sets used last, up to a fixed size; what a trial has in hand lives as long
/// as the trial. What it costs to look one up or to forget one does not depend on how many there are.
final class DataCache: Sendable {
  private struct Entry {
    var data: TrialData
    var bytes: Int
  }

  /// Two generations: what was used since the newer one began, and what was used in the one before.
  private struct Generations {
    var newer = Generation()
    var older = Generation()
  }

  private struct Generation {
    var entries: [UInt64: Entry] = [:]
    var bytes = 0
  }

  private let generations = Mutex(Generations())
  /// Bytes of both generations at most.
  private let limit: Int

  /// An empty cache.
  ///
  /// - Parameter bytes: what it keeps at most; a twentieth of the memory that was free at first, within the
  ///   part that a sweep leaves to what its estimates do not count, where nothing is said.
  init(bytes: Int = min(64 << 20, Memory.available(threads: 1) / 20)) {
    limit = bytes
  }

  /// The data of a trial, drawn or read where they are not at hand.
  func data(_ trial: Trial, files: DataFiles) throws(TrialFailure) -> TrialData {
    let key = trial.streamKey("data set", dependingOn: TrialData.dependencies)
    if let known = take(key) { return known }
    // Outside the lock: two workers may draw the same data, and get the same.
    let data = try TrialData(trial, files: files)
    let count = data.train.count + data.validation.count + data.test.count
    keep(Entry(data: data, bytes: count * MemoryLayout<Double>.stride), at: key)
    return data
  }

  private func take(_ key: UInt64) -> TrialData? {
    generations.withLock { generations in
      if let entry = generations.newer.entries[key] { return entry.data }
      guard let entry = generations.older.entries[key] else { return nil }
      // What is used again lives on.
      keep(entry, at: key, in: &generations)
      return entry.data
    }
  }

  private func keep(_ entry: Entry, at key: UInt64) {
    generations.withLock { keep(entry, at: key, in: &$0) }
  }

  private func keep(_ entry: Entry, at key: UInt64, in generations: inout Generations) {
    guard entry.bytes <= limit else { return }
    if generations.newer.bytes + entry.bytes > limit / 2 {
      generations = Generations(older: generations.newer)
      if generations.older.bytes + entry.bytes > limit { generations.older = Generation() }
    }
    if let former = generations.newer.entries.updateValue(entry, forKey: key) {
      generations.newer.bytes -= former.bytes
    }
    generations.newer.bytes += entry.bytes
  }
}
