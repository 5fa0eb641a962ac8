import Results
import Synchronization

/// The whole records of finished trials, read from a store some at a time as a run asks for them.
///
/// Reading one alone takes a look at all; reading all at once takes the memory of all parameters.
final class StoredRecords: Sendable {
  /// About the bytes of parameters that are held.
  private static let batchBytes = 64 << 20

  private let store: ResultsStore
  /// Which batch a trial is of, and the trials of each batch.
  private let batch: [String: Int]  // looked up only
  private let batches: [[String]]
  private let held = Mutex<[String: TrialRecord]>([:])

  /// - Parameter records: the records without their heavy parts, in the order in which they will be asked
  ///   for.
  init(_ store: ResultsStore, _ records: [TrialRecord]) {
    self.store = store
    var batches: [[String]] = []
    var room = 0
    var batch: [String: Int] = Dictionary(minimumCapacity: records.count)
    for record in records {
      let bytes = 8 * record.parameterCount + 32 * record.steps / 10
      if batches.isEmpty || bytes > room {
        batches.append([])
        room = Self.batchBytes
      }
      room -= bytes
      batches[batches.count - 1].append(record.id)
      batch[record.id] = batches.count - 1
    }
    (self.batches, self.batch) = (batches, batch)
  }

  /// The record of a trial, once: it is not held any longer. Nil for a trial that is not among them.
  func take(_ id: String) throws -> TrialRecord? {
    try held.withLock { held in
      if let record = held.removeValue(forKey: id) { return record }
      guard let number = batch[id] else { return nil }
      for record in try store.load(.everything, only: batches[number]).records {
        held[record.id] = record
      }
      return held.removeValue(forKey: id)
    }
  }
}
