import Foundation
import Testing

/// Compares a text with the file `Snapshots/NAME.txt` beside the test.
///
/// With `RECORD_SNAPSHOTS=1` in the environment the file is written anew and the test fails, so that no
/// recording run passes unseen.
///
/// - Parameters:
///   - text: what the test produced.
///   - name: the snapshot's name, without extension.
///   - testFile: the test's own file, which the folder stands beside.
public func expectSnapshot(
  _ text: String, named name: String, testFile: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let folder = URL(fileURLWithPath: testFile).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")
  let file = folder.appendingPathComponent(name + ".txt")
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(name).txt; run again to compare", sourceLocation: sourceLocation)
    } catch {
      Issue.record("\(file.path) cannot be written: \(error)", sourceLocation: sourceLocation)
    }
    return
  }
  guard let recorded = try? String(contentsOf: file, encoding: .utf8) else {
    Issue.record(
      "no snapshot \(name).txt; record it with RECORD_SNAPSHOTS=1", sourceLocation: sourceLocation)
    return
  }
  guard recorded != text else { return }
  let (old, new) = (lines(recorded), lines(text))
  let first = zip(old, new).prefix { $0 == $1 }.count
  let was = first < old.count ? old[first] : "(end)"
  let isNow = first < new.count ? new[first] : "(end)"
  Issue.record(
    """
    \(name).txt differs from line \(first + 1) on; RECORD_SNAPSHOTS=1 accepts the new text
    was: \(was)
    is:  \(isNow)
    """, sourceLocation: sourceLocation)
}

private func lines(_ text: String) -> [Substring] {
  text.split(separator: "\n", omittingEmptySubsequences: false)
}
