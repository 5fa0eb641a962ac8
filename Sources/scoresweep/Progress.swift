/// How far a run is at one moment.
struct Progress: Equatable {
  var finished: Int
  var total: Int
  var failed: Int
  /// The part of the work that is done, 0 to 1.
  var fraction: Double
  /// Since the start.
  var seconds: Double

  /// The time that is left at the speed so far; nil before the first trial is done.
  var secondsLeft: Double? {
    guard fraction > 0, finished > 0 else { return nil }
    return seconds * (1 - min(fraction, 1)) / fraction
  }

  private var counts: String {
    "\(finished)/\(total)" + (failed > 0 ? ", \(failed) failed" : "")
  }

  private var times: String {
    secondsLeft.map { "\(Words.duration(seconds)), about \(Words.duration($0)) left" }
      ?? Words.duration(seconds)
  }

  /// One line for a log.
  var line: String { "\(counts), \(times)" }

  /// A bar that fits a terminal's line: `[█████     ] 42/112, 3 failed, 12 s, about 20 s left`.
  func bar(columns: Int, colored: Bool) -> String {
    let words = " \(counts), \(times)"
    let width = min(30, columns - words.count - 3)
    guard width >= 5 else { return String(words.dropFirst().prefix(max(0, columns - 1))) }
    let full = Int((min(max(fraction, 0), 1) * Double(width)).rounded(.down))
    let done = String(repeating: "█", count: full)
    let rest = String(repeating: " ", count: width - full)
    let color = failed > 0 ? "\u{1b}[33m" : "\u{1b}[32m"
    return colored ? "[\(color)\(done)\u{1b}[0m\(rest)]\(words)" : "[\(done)\(rest)]\(words)"
  }
}
