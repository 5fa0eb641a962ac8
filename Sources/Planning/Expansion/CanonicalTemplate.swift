import Settings

/// The canonical text of the trials that differ in plain axes only, with a gap for each such axis.
///
/// Settings equal to their frozen defaults are left out; filling the gaps is all that is done for each
/// trial, so that a hundred thousand are planned in a fraction of a second.
struct CanonicalTemplate {
  private struct Entry {
    /// The names on the way, each quoted and followed by a colon.
    let names: [[UInt8]]
    /// How many leading names the entry shares with the one before.
    let shared: Int
    let content: Content
  }

  private enum Content {
    case fixed([UInt8])
    /// The value of an axis, left out where it is the frozen default.
    case slot(axis: Int, omitted: Int?)
    /// An empty object, unless an entry inside it is written.
    case presence
  }

  private var entries: [Entry] = []

  /// A template of a resolved trial.
  ///
  /// - Parameters:
  ///   - leaves: the trial's plain values.
  ///   - slot: the plain axis that sets a path, nil where none does, with its values.
  init(
    _ leaves: [Resolution.Leaf], slot: (String) -> (axis: Int, values: [SettingValue])?
  ) {
    var previous: [String] = []
    for leaf in leaves.sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) {
      let content: Content
      if leaf.isPresence {
        content = .presence
      } else if let (axis, values) = slot(leaf.path.joined(separator: ".")) {
        content = .slot(axis: axis, omitted: leaf.frozen.flatMap { values.firstIndex(of: $0) })
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

  /// Appends the canonical text of one trial.
  ///
  /// - Parameters:
  ///   - digits: the index of the trial's value on each axis.
  ///   - texts: the canonical text of each value of each axis.
  func append(to bytes: inout [UInt8], digits: [Int], texts: [[[UInt8]]]) {
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
      case .slot(let axis, _): bytes.append(contentsOf: texts[axis][digits[axis]])
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
    case .slot(let axis, let omitted): return digits[axis] != omitted
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
