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
  /// Trials that stand more than once: what counted so far, and what came to it.
  private(set) var duplicates: [(known: Entry, new: Entry)] = []
  private(set) var experiment: StoredExperiment?
  /// The trials of the experiment's plan, run or not.
  private var planned: Set<String> = []  // membership only, never iterated
  private var positions: [String: Int] = [:]

  /// Adds the finished trials of a file.
  ///
  /// Of two attempts at a trial the completed one counts, of two failures the later. A later
  /// attempt that measured something new brings its metrics in. Two completed ones that do not
  /// agree in what both have are a conflict, and the earlier counts.
  mutating func add(_ source: Source) throws {
    do {
      let (rows, experiment) = try source.rows()
      sources.append(source)
      if self.experiment == nil, let experiment {
        self.experiment = experiment
        planned = Set(rows.filter(\.isPlanned).map(\.record.id))
      }
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
    duplicates.append((entries[position], entry))
    let known = entries[position].row.record
    let new = entry.row.record
    if known.outcome.status != .completed {
      entries[position] = entry
    } else if !known.agrees(with: new) {
      if new.outcome.status == .completed, !conflicts.contains(id) { conflicts.append(id) }
    } else if new.metrics.contains(where: { known.metric($0.name) == nil }) {
      entries[position] = entry
      entries[position].row.record.metrics += known.metrics.filter { new.metric($0.name) == nil }
    }
  }

  /// Whether the merged plan has a trial; true where there is no merged plan.
  func isPlanned(_ entry: Entry) -> Bool {
    experiment == nil || planned.contains(entry.row.record.id)
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
      let read = try source.records(contents, of: sorted.map { entries[$0].row })
      for (position, record) in zip(sorted, read) {
        records[position] = record
      }
    }
    return records
  }
}

extension TrialRecord {
  /// Whether two attempts at a trial measured the same, bit for bit, as far as both measured it.
  ///
  /// How the plan names the trial and how long it took may differ.
  fileprivate func agrees(with other: TrialRecord) -> Bool {
    steps == other.steps && parameterCount == other.parameterCount && seed == other.seed
      && metrics.allSatisfy { metric in
        let value = other.metric(metric.name)
        return value == nil || value?.bitPattern == metric.value.bitPattern
      }
  }
}
