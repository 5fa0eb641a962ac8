/// A trial that several parts have.
public struct DuplicateTrial: Sendable {
  /// Its identity.
  public var id: String
  /// The files that have it.
  public var files: [String]
  /// In what they differ; empty where they are the same.
  public var differences: [RecordDifference]
}

extension ResultsStore {
  /// The finished trials that stand in more than one of some stores, compared in everything that they
  /// hold, parameters and curves too.
  ///
  /// Of a trial that failed somewhere and completed elsewhere, or failed twice, nothing is compared: the
  /// completed attempt counts, else the later.
  ///
  /// - Parameter others: the further stores.
  /// - Returns: in the order that they were met; a trial that stands in three places, twice.
  public func duplicates(with others: [ResultsStore]) throws -> [DuplicateTrial] {
    try retrying {
      let (catalogue, _) = try self.catalogue(including: others)
      let pairs = catalogue.duplicates.filter { known, new in
        known.row.record.outcome.status == .completed && new.row.record.outcome.status == .completed
      }
      // In batches, so that large parameters are not all in memory at once.
      var found: [DuplicateTrial] = []
      for start in stride(from: 0, to: pairs.count, by: 64) {
        let batch = pairs[start..<min(start + 64, pairs.count)]
        let known = try catalogue.records(of: batch.map(\.known), .everything)
        let new = try catalogue.records(of: batch.map(\.new), .everything)
        for ((one, other), pair) in zip(zip(known, new), batch) {
          found.append(
            DuplicateTrial(
              id: one.id,
              files: [pair.known, pair.new].map { catalogue.sources[$0.source].path },
              differences: one.differences(from: other)))
        }
      }
      return found
    }
  }

  /// Whether the merged file stands here.
  public var hasMergedFile: Bool {
    get throws { try DurableFile.exists(path) }
  }

  /// Checks the merged file against the format's rules, its digest among them.
  ///
  /// - Parameter reader: the process that reads it: a file whose rules are in doubt is not opened in this
  ///   one.
  /// - Throws: ``ResultsError`` where there is no such file, or none that can be read at all.
  public func inspect(by reader: ChildReader) throws -> Inspection {
    var problems: [String] = []
    do {
      guard let isVerified = try merged.verify() else {
        throw ResultsError.unreadable(path: path, reason: "there is no such file")
      }
      if !isVerified { problems.append("\(path).sha256: the digest is missing") }
    } catch ResultsError.corrupt(_, let reason) {
      problems.append("\(path).sha256: \(reason)")
    }
    problems += try reader.problems(of: path)
    let (rows, experiment) = try reader.rows(of: path)
    return Inspection(
      problems: problems, experiment: experiment,
      planned: rows.filter(\.isPlanned).map { row in
        ExperimentDescription.PlannedTrial(
          id: row.record.id, axes: row.record.axes, settings: row.record.settings)
      }, rowCount: rows.count)
  }
}

/// What a check of a results file found.
public struct Inspection: Sendable {
  /// What it breaks of the format's rules, a sentence each.
  public var problems: [String]
  /// What it says about its experiment.
  public var experiment: StoredExperiment?
  /// The trials of its plan, in the order of its rows.
  public var planned: [ExperimentDescription.PlannedTrial]
  /// All its rows.
  public var rowCount: Int
}
