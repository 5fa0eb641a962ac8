import Settings

/// The canonical text of the trials of one family, with a gap for each value that a factor fills.
///
/// Settings equal to their frozen defaults are left out; filling the gaps is all that is done for each
/// trial, so that a hundred thousand are planned in a fraction of a second.
struct CanonicalTemplate: Sendable {
  private struct Entry: Sendable {
    /// The names on the way, each quoted and followed by a colon.
    let names: [[UInt8]]
    /// How many leading names the entry shares with the one before.
    let shared: Int
    let content: Content
  }

  private enum Content: Sendable {
    case fixed([UInt8])
    /// The value of a slot, left out where it is the frozen default.
    case slot(Slot, isOmitted: [Bool])
    /// An empty object, unless an entry inside it is written.
    case presence
  }

  /// A gap: the factor that fills it, and the canonical text of its value in each row.
  struct Slot: Sendable {
    let factor: Int
    let texts: [[UInt8]]
  }

  private var entries: [Entry] = []

  /// A template of a resolved trial.
  ///
  /// - Parameters:
  ///   - leaves: the trial's plain values.
  ///   - slot: the factor that fills a path, with the axis that it fills it from; nil where none does.
  init(
    _ leaves: [Resolution.Leaf], slot: (String) -> (factor: Int, axis: GridAxis)?
  ) {
    var previous: [String] = []
    for leaf in leaves.sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) {
      let content: Content
      if leaf.isPresence {
        content = .presence
      } else if let (factor, axis) = slot(leaf.path.joined(separator: ".")) {
        content = .slot(
          Slot(factor: factor, texts: axis.texts), isOmitted: axis.values.map { $0 == leaf.frozen })
      } else if leaf.value == leaf.frozen {
        continue
      } else {
        content = .fixed(Array(leaf.value.canonicalJSON.utf8))
      }
      let shared = zip(previous, leaf.path).prefix { $0 == $1 }.count
      let names = leaf.path.map { Array((SettingValue.quoted($0) + ":").utf8) }
      entries.append(Entry(names: names, shared: shared, content: content))
      previous = leaf.path
    }
  }

  /// Appends the canonical text of the trial with these rows, one for each factor.
  func append(to bytes: inout [UInt8], digits: [Int]) {
    bytes.append(UInt8(ascii: "{"))
    var depth: Int?  // how many names the last entry written has; nil before the first
    var shared = 0
    for (index, entry) in entries.enumerated() {
      // What two entries share is the least that neighbours between them share.
      shared = min(shared, entry.shared)
      guard isWritten(index, digits) else { continue }
      if let depth {
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "}"), count: depth - 1 - shared))
        bytes.append(UInt8(ascii: ","))
      }
      for name in entry.names[shared..<entry.names.count - 1] {
        bytes.append(contentsOf: name)
        bytes.append(UInt8(ascii: "{"))
      }
      bytes.append(contentsOf: entry.names[entry.names.count - 1])
      switch entry.content {
      case .fixed(let text): bytes.append(contentsOf: text)
      case .slot(let slot, _): bytes.append(contentsOf: slot.texts[digits[slot.factor]])
      case .presence: bytes.append(contentsOf: "{}".utf8)
      }
      depth = entry.names.count
      shared = .max
    }
    bytes.append(contentsOf: repeatElement(UInt8(ascii: "}"), count: depth ?? 1))
  }

  private func isWritten(_ index: Int, _ digits: [Int]) -> Bool {
    switch entries[index].content {
    case .fixed: return true
    case .slot(let slot, let isOmitted): return !isOmitted[digits[slot.factor]]
    case .presence:
      let depth = entries[index].names.count
      var inner = index + 1
      while inner < entries.count && entries[inner].shared >= depth {
        if isWritten(inner, digits) { return false }
        inner += 1
      }
      return true
    }
  }
}
