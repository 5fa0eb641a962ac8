import Glibc

/// Which trials are under way, told line by line, so that a run that was brought down tells the next one
/// what it was doing.
///
///     run 3                 a run began; the kernel had killed 3 processes of this group for want of memory
///     start ID              a trial began
///     end ID                it ended, in whatever way
///     crash 11              the process is being ended by this signal
///     crashed ID 1 11       from earlier runs: so often the process went down while the trial was under way
///
/// A process that someone kills says nothing and blames nobody.
public final class StartJournal: Sendable {
  /// How often, and by which signal at last, the process went down while a trial was under way.
  public struct Crash: Sendable, Hashable {
    /// How often.
    public var count: Int
    /// The signal; 9 where the kernel killed the process for want of memory.
    public var signal: Int
  }

  /// The trials that were under way when the process went down; a crash counts for each of them.
  public let crashes: [String: Crash]
  /// The file's descriptor, which lines are appended to.
  public let descriptor: Int32
  private let path: String

  /// Reads what earlier runs told, and begins to tell.
  ///
  /// - Parameter memoryKills: how many processes of this group the kernel has killed for want of memory.
  /// - Throws: ``ResultsError`` where the file cannot be written.
  init(_ path: String, memoryKills: Int?) throws {
    self.path = path
    let text = try DurableFile.read(path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    crashes = Self.crashes(in: text, memoryKills: memoryKills)
    let known = crashes.sorted { $0.key < $1.key }.map {
      "crashed \($0.key) \($0.value.count) \($0.value.signal)\n"
    }
    let first = known.joined() + "run \(memoryKills ?? 0)\n"
    try DurableFile.write(Array(first.utf8), to: path)
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw DurableFile.failure(errno, path) }
  }

  deinit { close(descriptor) }

  /// Tells that a trial begins. Where the line cannot be written, the trial runs all the same.
  public func began(_ id: String) { append("start \(id)\n") }

  /// Tells that a trial has ended, in whatever way.
  public func ended(_ id: String) { append("end \(id)\n") }

  private func append(_ line: String) {
    let bytes = Array(line.utf8)
    _ = write(descriptor, bytes, bytes.count)
  }

  /// What a journal's text says of crashes.
  ///
  /// - Complexity: O(lines).
  static func crashes(in text: String, memoryKills: Int?) -> [String: Crash] {
    var crashes: [String: Crash] = [:]
    var open: Set<String> = []  // counted for each alike
    var killsBefore: Int?
    func count(_ signal: Int) {
      for id in open {
        crashes[id] = Crash(count: (crashes[id]?.count ?? 0) + 1, signal: signal)
      }
      open = []
    }
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      switch (words.first, words.count) {
      case ("run", 2):
        open = []
        killsBefore = Int(words[1])
      case ("start", 2): open.insert(String(words[1]))
      case ("end", 2):
        open.remove(String(words[1]))
        crashes[String(words[1])] = nil
      case ("crash", 2): count(Int(words[1]) ?? 0)
      case ("crashed", 4):
        guard let times = Int(words[2]), let signal = Int(words[3]) else { continue }
        crashes[String(words[1])] = Crash(count: times, signal: signal)
      default: continue  // the last line of a killed run may be cut off
      }
    }
    if let killsBefore, let memoryKills, memoryKills > killsBefore { count(Int(SIGKILL)) }
    return crashes
  }
}

extension ResultsStore {
  var journalPath: String { segmentFolder + "/journal" }

  /// Begins to tell which trials are under way, and says what earlier runs told.
  ///
  /// - Parameter memoryKills: how many processes of this group the kernel has killed for want of memory;
  ///   nil where that is not known.
  /// - Throws: ``ResultsError``.
  public func journal(memoryKills: Int?) throws -> StartJournal {
    try lock()
    return try StartJournal(journalPath, memoryKills: memoryKills)
  }
}
