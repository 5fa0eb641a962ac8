import HDF5

extension ResultsStore {
  /// Gathers all finished trials into the results file and removes the segments.
  ///
  /// Rows stand in the order of the plan; planned trials that have not finished have a row with the
  /// status `waiting`, and finished ones that the plan no longer has follow at the end unless they are
  /// dropped. Damaged segments stay where they are.
  ///
  /// - Parameters:
  ///   - description: the experiment and its plan.
  ///   - others: further stores whose finished trials are taken in, left as they are.
  ///   - dropsStale: whether finished trials that the plan no longer has are left out.
  /// - Throws: ``ResultsError``; the former results file and all segments then stand as before.
  /// - Complexity: the new file is made in memory, as large as on the disk; the heavy parts of
  ///   records pass through piece by piece.
  public func merge(
    _ description: ExperimentDescription, including others: [ResultsStore] = [],
    dropsStale: Bool = false
  ) throws {
    try state.withLock { state in
      try acquire(&state)
      try replaceMergedFile(description, including: others, dropsStale)
      DurableFile.remove(journalPath)
      state.lock?.removeFiles()
      state.lock = nil
    }
  }

  private func replaceMergedFile(
    _ description: ExperimentDescription, including others: [ResultsStore], _ dropsStale: Bool
  ) throws {
    let catalogue = try retrying { try self.catalogue(including: others).catalogue }
    guard catalogue.conflicts.isEmpty else {
      throw ResultsError.conflictingTrials(catalogue.conflicts)
    }
    try write(description, catalogue, dropsStale)
    try removeSegments(of: catalogue)
  }

  private func write(
    _ description: ExperimentDescription, _ catalogue: Catalogue, _ dropsStale: Bool
  ) throws {
    let (rows, entries) = Self.rows(description, catalogue, dropsStale)
    do {
      try merged.replace { draft in
        try File.image(
          named: path,
          { root in
            try ResultsWriter.write(rows, description, to: root) { indices, contents in
              try Self.records(indices, rows, entries, catalogue, contents)
            }
          }, consume: draft.append)
      }
    } catch let error as HDF5Error {
      throw ResultsError.unwritable(path: path, reason: error.description)
    }
  }

  /// The rows of the file, and for each the finished trial it shows.
  private static func rows(
    _ description: ExperimentDescription, _ catalogue: Catalogue, _ dropsStale: Bool
  ) -> ([RecordRow], [Catalogue.Entry?]) {
    var rows: [RecordRow] = []
    var entries: [Catalogue.Entry?] = []
    var planned: Set<String> = []
    for trial in description.trials {
      planned.insert(trial.id)
      let entry = catalogue.entry(trial.id)
      var row = entry?.row ?? RecordRow(waiting: trial)
      row.record.axes = trial.axes
      row.record.settings = trial.settings
      row.isPlanned = true
      rows.append(row)
      entries.append(entry)
    }
    for entry in catalogue.entries where !dropsStale && !planned.contains(entry.row.record.id) {
      var row = entry.row
      row.isPlanned = false
      rows.append(row)
      entries.append(entry)
    }
    return (rows, entries)
  }

  /// The records of some rows; a waiting one has nothing but its name.
  private static func records(
    _ indices: [Int], _ rows: [RecordRow], _ entries: [Catalogue.Entry?], _ catalogue: Catalogue,
    _ contents: RecordContents
  ) throws -> [TrialRecord] {
    let finished = indices.filter { entries[$0] != nil }
    let records = try catalogue.records(of: finished.compactMap { entries[$0] }, contents)
    var next = records.makeIterator()
    return indices.map { index in
      entries[index] == nil ? rows[index].record : next.next() ?? rows[index].record
    }
  }

  /// Removes the segments of this store whose trials now stand elsewhere.
  func removeSegments(of catalogue: Catalogue) throws {
    for case .segment(let segment) in catalogue.sources where segment.folder == segmentFolder {
      DurableFile.remove(segment.path)
    }
    try DurableFile.synchronize(segmentFolder)
  }
}
