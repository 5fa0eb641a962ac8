import Foundation

/// What the kernel and a batch system say of this process, as text; made up in tests.
struct Surroundings {
  /// The contents of a file, nil where it cannot be read.
  var file: (_ path: String) -> String?
  /// An environment variable.
  var variable: (_ name: String) -> String?

  /// Those of the running process.
  static var process: Surroundings {
    Surroundings(
      file: {
        FileManager.default.contents(atPath: $0).map { String(decoding: $0, as: UTF8.self) }
      },
      variable: { ProcessInfo.processInfo.environment[$0] })
  }

  /// An environment variable that is a number above 0: batch systems give 0 for "no limit".
  func count(_ variable: String) -> Int? {
    guard let text = self.variable(variable), let number = Int(text), number > 0 else { return nil }
    return min(number, 1 << 30)  // more than there is of anything, and products stay an Int
  }

  /// The number that a file consists of.
  func number(in path: String) -> Int? {
    file(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  /// The number behind a word at the start of a line, as in `MemAvailable:  24260000 kB`.
  func number(after word: String, in path: String) -> Int? {
    text(after: word, in: path).flatMap { $0.split(whereSeparator: \.isWhitespace).first }
      .flatMap { Int($0) }
  }

  /// The rest of the line that begins with a word.
  func text(after word: String, in path: String) -> Substring? {
    for line in (file(path) ?? "").split(separator: "\n") where line.hasPrefix(word) {
      let rest = line.dropFirst(word.count)
      if rest.first?.isWhitespace == true { return rest.drop(while: \.isWhitespace) }
    }
    return nil
  }
}
