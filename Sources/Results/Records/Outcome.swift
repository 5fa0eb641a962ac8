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
  /// A sentence for the researcher; empty when the trial completed.
  public var message: String

  /// A status and what there is to say about it.
  public init(_ status: Status, message: String = "") {
    self.status = status
    self.message = message
  }

  /// A trial that did all it was asked.
  public static let completed = Outcome(.completed)
}
