import Glibc
import HDF5

/// A results file whose bytes nobody vouches for: it stands without its digest, or with another's.
///
/// libhdf5 1.10 crashes on many damaged files, so that this process never lets it near one: a child reads
/// the file, under limits of time and memory, and hands on what it read as an answer that is decoded
/// without the library. Were the child only to say that the file is readable, this process could still
/// crash where the child did not: memory that was overrun fails by what lies beside it. Were it to hand on
/// a fresh results file, what it overran could stand in that.
public enum FileFromElsewhere {
  /// What a child is asked for; its arguments behind the path.
  enum Request {
    case rows
    case records(RecordContents, rows: [Range<Int>])
    case problems

    var words: [String] {
      switch self {
      case .rows: ["rows"]
      case .records(let contents, let rows):
        [
          "records", "\(contents.rawValue)",
          rows.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ","),
        ]
      case .problems: ["problems"]
      }
    }

    init?(_ words: [String]) {
      switch (words.first, words.count) {
      case ("rows", 1): self = .rows
      case ("problems", 1): self = .problems
      case ("records", 3):
        let rows = words[2].split(separator: ",").compactMap { run -> Range<Int>? in
          let ends = run.split(separator: "-").compactMap { Int($0) }
          return ends.count == 2 && ends[0] <= ends[1] ? ends[0]..<ends[1] : nil
        }
        guard let contents = Int(words[1]) else { return nil }
        self = .records(RecordContents(rawValue: contents), rows: rows)
      default: return nil
      }
    }
  }

  /// How an answer begins.
  enum Kind: Int {
    case done, corrupt, unknownFormat, unreadable
  }

  /// The child's part: reads a file and gives the answer, which goes to stdout and nowhere else.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - words: what is asked, as the parent gave it.
  /// - Returns: nil where the words ask for nothing known.
  public static func answer(reading path: String, asked words: [String]) -> [UInt8]? {
    guard let request = Request(words) else { return nil }
    var writer = AnswerWriter()
    do {
      var found = AnswerWriter()
      try File.open(at: path) { root in
        found.integer(Kind.done.rawValue)
        try write(request, root, to: &found)
      }
      writer = found
    } catch let error as HDF5Error {
      let isSystem = error.systemErrorNumber != nil
      writer.integer((isSystem ? Kind.unreadable : .corrupt).rawValue)
      writer.text(error.description)
    } catch let error as FormatVersionError {
      writer.integer(Kind.unknownFormat.rawValue)
      writer.text(error.description)
    } catch {
      writer.integer(Kind.corrupt.rawValue)
      writer.text("\(error)")
    }
    return writer.finish()
  }

  private static func write(
    _ request: Request, _ root: Group, to writer: inout AnswerWriter
  ) throws {
    switch request {
    case .rows:
      let (rows, experiment) = try ResultsReader.read(root)
      writer.rows(rows)
      writer.optional(experiment) { $0.experiment($1) }
    case .records(let contents, let runs):
      let (all, _) = try ResultsReader.read(root)
      let rows = try runs.flatMap { run in
        guard run.upperBound <= all.count else {
          throw LayoutError(path: "/trials", reason: "it has no row \(run.upperBound - 1)")
        }
        return all[run]
      }
      writer.parts(of: try ResultsReader.records(contents, of: rows, in: root))
    case .problems:
      writer.list(LayoutCheck.problems(in: root)) { $0.text($1) }
    }
  }

  /// Bounds what this process may take: for the child, before it opens the file.
  ///
  /// A file of good order is read at 50 MB/s and more.
  public static func limitThisProcess(readingFileOf byteCount: Int) {
    func limit(_ kind: __rlimit_resource, _ most: Int, hard: Int? = nil) {
      let resource = __rlimit_resource_t(kind.rawValue)
      var limits = rlimit()
      guard getrlimit(resource, &limits) == 0 else { return }
      limits.rlim_max = min(limits.rlim_max, rlim_t(max(hard ?? most, 0)))
      limits.rlim_cur = min(limits.rlim_max, rlim_t(max(most, 0)))
      setrlimit(resource, &limits)
    }
    let seconds = 5 + min(byteCount, 1 << 44) / 10_000_000
    limit(RLIMIT_CORE, 0)
    limit(RLIMIT_CPU, seconds, hard: seconds + 1)  // at the hard limit the signal is KILL
    #if !SANITIZED  // a sanitizer maps terabytes of addresses for what it notes of memory
      limit(RLIMIT_AS, (2 << 30) + 16 * min(byteCount, 1 << 44))
    #endif
    // The disk may be slow; the signal ends the process whatever became of its memory.
    alarm(UInt32(clamping: 6 * seconds))
  }
}
