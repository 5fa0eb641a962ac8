/// How the parts of a message stand out from each other.
public enum TextStyle: Sendable, Hashable {
  /// Nothing but the words: for files, pipes and tests.
  case plain
  /// With the colours that every terminal has.
  case colored

  /// What a part of a message is.
  enum Part: String {
    /// Where the mistake is.
    case place = "1"
    /// What is wrong, and the caret under it.
    case mistake = "1;31"
    /// The margin beside the line of the file.
    case margin = "2"
    /// What would be right, and what to do.
    case help = "36"
  }

  /// A text as this style shows such a part; an empty one stays empty.
  func callAsFunction(_ part: Part, _ text: some StringProtocol) -> String {
    switch self {
    case .plain: String(text)
    case .colored: text.isEmpty ? "" : "\u{1b}[\(part.rawValue)m\(text)\u{1b}[0m"
    }
  }
}
