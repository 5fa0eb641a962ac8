import HDF5
import Settings
import Synchronization

/// The results of one experiment on disk, kept through any interruption.
///
/// While a sweep runs, finished trials are sealed into segments in `NAME.h5.d/`; at the end these
/// are merged into `NAME.h5`. Both hold finished trials, so that resuming a run, adding values to
/// an axis and merging the parts of several machines are one thing: the union of what is there.
///
///     let store = ResultsStore(path: "results/quickstart.h5")
///     try store.lock()
///     let done = try store.load(.summary).records
///     try store.seal(finished)  // any number of times, from any thread
///     try store.merge(description)
public final class ResultsStore: Sendable {
  /// The path of the merged file.
  public let path: String

  struct State {
    var lock: StoreLock?
    var lastNumber = 0
    /// Segments sealed since the last time that small ones were gathered.
    var segmentCount = 0
  }

  let state = Mutex(State())
  /// So many small segments are gathered into one.
  let segmentLimit: Int

  /// Who reads a merged file that stands without its digest; nil for this process itself.
  let reader: ChildReader?

  /// The store at a path; nothing is read or made yet. A path that is a symbolic link stands for what
  /// it points to.
  ///
  /// - Parameters:
  ///   - path: the path of the merged file.
  ///   - reader: who reads a merged file that stands without its digest; nil lets this process read it,
  ///     which a damaged file may crash.
  public convenience init(path: String, elsewhere reader: ChildReader? = nil) {
    self.init(path: path, segmentLimit: 256, elsewhere: reader)
  }

  init(path: String, segmentLimit: Int, elsewhere reader: ChildReader? = nil) {
    self.path = DurableFile.target(of: path)
    self.segmentLimit = segmentLimit
    self.reader = reader
  }

  /// The folder of the segments.
  public var segmentFolder: String { path + ".d" }

  var merged: MergedFile { MergedFile(path: path) }
}

extension ResultsStore {
  /// Keeps every other writer off this path until the process ends or ``unlock()``.
  ///
  /// - Throws: ``ResultsError/locked(path:processID:)``, or another ``ResultsError`` where the
  ///   folder cannot be written.
  public func lock() throws {
    try state.withLock { try acquire(&$0) }
  }

  /// Lets other writers in.
  public func unlock() {
    state.withLock { $0.lock = nil }
  }

  func acquire(_ state: inout State) throws {
    guard state.lock == nil else { return }
    try DurableFile.checkPlace(path)
    try DurableFile.makeFolder(segmentFolder)
    state.lock = try StoreLock(folder: segmentFolder, results: path)
    let names = try DurableFile.names(in: segmentFolder)
    // What a killed run was writing has no meaning; the lock says that nobody is writing it now.
    for name in names where name.hasSuffix(".tmp") {
      DurableFile.remove(segmentFolder + "/" + name)
    }
    let numbers = names.compactMap { Segment(folder: segmentFolder, name: $0)?.number }
    state.lastNumber = numbers.max() ?? 0
    state.segmentCount = numbers.count
  }

  /// Seals finished trials into one segment: when this returns they survive a kill or a power cut.
  ///
  /// - Throws: ``ResultsError``; nothing of these trials is kept then.
  public func seal(_ records: [TrialRecord]) throws {
    guard !records.isEmpty else { return }
    try TrialRecord.validate(records)
    let image = try Segment.image(of: records)
    try state.withLock { state in
      try acquire(&state)
      if state.segmentCount >= segmentLimit { try gatherSmallSegments(&state) }
      try write(image, &state)
    }
    for record in records { checkpoints.remove(record.id) }
  }

  /// Puts a new segment into its place.
  func write(_ image: [UInt8], _ state: inout State) throws {
    let digest = SHA256.hex(SHA256.digest(image))
    let segment = Segment(folder: segmentFolder, number: state.lastNumber + 1, digest: digest)
    try DurableFile.write(image, to: segment.path)
    state.lastNumber += 1
    state.segmentCount += 1
  }

  /// Reads all finished trials: those of the merged file and those sealed since.
  ///
  /// Needs no lock and may be called while another process writes.
  ///
  /// - Parameters:
  ///   - contents: the heavy parts to read.
  ///   - ids: the only trials to read, nil for all.
  /// - Throws: ``ResultsError`` where the merged file is damaged or nothing can be read; a damaged
  ///   segment is reported instead.
  public func load(
    _ contents: RecordContents = .everything, only ids: [String]? = nil
  ) throws -> LoadedResults {
    try retrying {
      let (catalogue, isVerified) = try self.catalogue()
      let entries = ids.map { $0.compactMap(catalogue.entry) } ?? catalogue.entries
      return LoadedResults(
        records: try catalogue.records(of: entries, contents),
        corruptSegments: catalogue.corruptSegments, conflicts: catalogue.conflicts,
        experiment: catalogue.experiment, isVerified: isVerified,
        unplanned: entries.filter { !catalogue.isPlanned($0) }.map(\.row.record.id))
    }
  }

  /// All finished trials without their heavy parts.
  func catalogue(
    including others: [ResultsStore] = []
  ) throws -> (catalogue: Catalogue, isVerified: Bool) {
    var catalogue = Catalogue()
    var isVerified = true
    for store in [self] + others {
      if let verified = try store.merged.verify() {
        isVerified = isVerified && verified
        let reader = verified ? nil : store.reader
        try catalogue.add(
          reader.map { .elsewhere(path: store.path, $0) } ?? .merged(path: store.path))
      }
      for segment in try store.segments() {
        try catalogue.add(.segment(segment))
      }
    }
    return (catalogue, isVerified)
  }

  /// The sealed segments in the order of their numbers.
  func segments() throws -> [Segment] {
    try DurableFile.names(in: segmentFolder)
      .compactMap { Segment(folder: segmentFolder, name: $0) }
      .sorted { ($0.number, $0.digest) < ($1.number, $1.digest) }
  }

  /// Reads again when a segment was merged away while it was read.
  func retrying<Result>(_ body: () throws -> Result) throws -> Result {
    for _ in 0..<5 {
      do {
        return try body()
      } catch is SegmentGone {
        continue
      }
    }
    throw ResultsError.unreadable(
      path: segmentFolder, reason: "its segments change while they are read; try again")
  }
}
