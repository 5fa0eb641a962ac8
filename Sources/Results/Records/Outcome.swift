/// How a trial ended.
public enum Status: String, Sendable, Hashable, CaseIterable {
  case completed
  case diverged
  case failed
  case timedOut = "timed-out"
  case outOfMemory = "out-of-memory"
  /// The process went down twice while it ran, the second time while nothing else did.
  case crashed
}

/// How a trial ended, and what there is to say about it.
public struct Outcome: Sendable, Hashable {
  /// How it ended.
  public var status: Status
  /// What the researcher should know, sentences; empty where all went well. A trial that completed has
  /// one where a fit fell short of its tolerance, or where a metric is doubtful or not defined.
  public var message: String

  /// A status and what there is to say about it.
  public init(_ status: Status, message: String = "") {
    self.status = status
    self.message = message
  }

  /// A trial that did all it was asked.
  public static let completed = Outcome(.completed)
}
