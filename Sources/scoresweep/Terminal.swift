import Foundation
import Planning

/// What stderr can show.
enum Terminal {
  /// Whether words for people may have colours.
  static let isColored = showsColor(
    isTerminal: isatty(STDERR_FILENO) == 1, environment: ProcessInfo.processInfo.environment)

  /// How diagnostics look on stderr.
  static var style: TextStyle { isColored ? .colored : .plain }

  /// Colours are for a terminal that can show them, and for a user who has not said NO_COLOR.
  static func showsColor(isTerminal: Bool, environment: [String: String]) -> Bool {
    isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
      && !["", "dumb"].contains(environment["TERM"] ?? "")
  }
}
