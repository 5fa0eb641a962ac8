/// All finished trials of some files, each once, with the place of its heavy parts.
struct Catalogue {
  /// A trial and the file that it stands in.
  struct Entry {
    var row: RecordRow
    var source: Int
  }

  private(set) var sources: [Source] = []
  private(set) var entries: [Entry] = []
  private(set) var corruptSegments: [CorruptSegment] = []
  private(set) var conflicts: [String] = []
  private(set) var experiment: StoredExperiment?
  private var positions: [String: Int] = [:]

  /// Adds the finished trials of a file.
  ///
  /// A trial that is there already stays as it is if it completed; if not, the later attempt takes
  /// its place. Two completed ones with different results are a conflict.
  mutating func add(_ source: Source) throws {
    do {
      let (rows, experiment) = try source.read(ResultsReader.read)
      sources.append(source)
      self.experiment = self.experiment ?? experiment
      for row in rows where !row.isWaiting {
        add(Entry(row: row, source: sources.count - 1))
      }
    } catch let corrupt as CorruptSegment {
      corruptSegments.append(corrupt)
    }
  }

  private mutating func add(_ entry: Entry) {
    let id = entry.row.record.id
    guard let position = positions[id] else {
      positions[id] = entries.count
      entries.append(entry)
      return
    }
    let known = entries[position].row.record
    if known.outcome.status != .completed {
      entries[position] = entry
    } else if entry.row.record.outcome.status == .completed,
      !known.hasSameNumbers(as: entry.row.record), !conflicts.contains(id)
    {
      conflicts.append(id)
    }
  }

  /// The trial of that identity.
  func entry(_ id: String) -> Entry? {
    positions[id].map { entries[$0] }
  }

  /// The records of some entries with their heavy parts, in the given order; each file is opened
  /// once.
  func records(of entries: [Entry], _ contents: RecordContents) throws -> [TrialRecord] {
    var records = entries.map(\.row.record)
    guard !contents.isEmpty else { return records }
    var members = [[Int]](repeating: [], count: sources.count)
    for (position, entry) in entries.enumerated() {
      members[entry.source].append(position)
    }
    for (number, source) in sources.enumerated() where !members[number].isEmpty {
      let sorted = members[number].sorted { entries[$0].row.place.row < entries[$1].row.place.row }
      let read = try source.read { root in
        try ResultsReader.records(contents, of: sorted.map { entries[$0].row }, in: root)
      }
      for (position, record) in zip(sorted, read) {
        records[position] = record
      }
    }
    return records
  }
}

extension TrialRecord {
  /// Whether the light results are the same, bit for bit; how the plan names the trial may differ.
  fileprivate func hasSameNumbers(as other: TrialRecord) -> Bool {
    outcome == other.outcome && steps == other.steps && parameterCount == other.parameterCount
      && seed == other.seed && metrics.count == other.metrics.count
      && zip(metrics, other.metrics).allSatisfy {
        $0.name == $1.name && $0.value.bitPattern == $1.value.bitPattern
      }
  }
}
