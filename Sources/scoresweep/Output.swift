import Foundation

/// The two channels: data on stdout, words for people on stderr.
enum Output {
  /// Writes data.
  static func write(_ text: String) {
    send(text, to: FileHandle.standardOutput)
  }

  /// Writes a line for people.
  static func note(_ line: String) {
    send(line + "\n", to: FileHandle.standardError)
  }

  /// Writes for people without ending the line.
  static func draw(_ text: String) {
    send(text, to: FileHandle.standardError)
  }

  private static func send(_ text: String, to channel: FileHandle) {
    do {
      try channel.write(contentsOf: Data(text.utf8))
    } catch {
      // The reader is gone (`| head`) or the disk behind the redirection is full. Nothing can be said on
      // stdout any more; of stderr nobody is left to hear.
      if channel !== FileHandle.standardError { Words.exit(Failure.outputClosed) }
    }
  }
}
