/// What a store holds.
public struct LoadedResults: Sendable {
  /// One record per finished trial: those of the merged file in its order, then the newly sealed.
  public var records: [TrialRecord]
  /// Segments that cannot be trusted; their trials count as not done.
  public var corruptSegments: [CorruptSegment]
  /// Trials finished more than once with different results; the first is kept in `records`.
  public var conflicts: [String]
  /// What the merged file says about its experiment, nil before the first merge.
  public var experiment: StoredExperiment?
  /// Whether the merged file's bytes are known to be those that were written: false when it stands
  /// without its `.sha256`, as when it was copied alone.
  public var isVerified: Bool
  /// Finished trials that the merged plan does not have, any more or yet: the run of a changed experiment
  /// has sealed them and not ended.
  public var unplanned: [String]
}

/// A segment whose bytes are not those that were sealed.
public struct CorruptSegment: Sendable, Equatable {
  /// Where it stands.
  public var path: String
  /// What is wrong with it.
  public var reason: String
}

/// The heavy parts of a record, read only where asked for.
public struct RecordContents: OptionSet, Sendable {
  /// One bit for each part.
  public let rawValue: Int

  /// The parts of these bits.
  public init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// The checkpoints of training.
  public static let curves = RecordContents(rawValue: 1)
  /// The learned parameters.
  public static let parameters = RecordContents(rawValue: 2)
  /// The samples.
  public static let samples = RecordContents(rawValue: 4)
  /// Identity, outcome, metrics and times only.
  public static let summary: RecordContents = []
  /// All parts.
  public static let everything: RecordContents = [.curves, .parameters, .samples]
}
