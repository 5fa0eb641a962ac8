import Foundation
import Testing

/// Compares a text with Snapshots/NAME.txt beside this file; RECORD_SNAPSHOTS=1 writes it and fails.
func expectSnapshot(_ text: String, named name: String, file: String = #filePath) throws {
  let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")
  let url = folder.appendingPathComponent(name + ".txt")
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try text.write(to: url, atomically: true, encoding: .utf8)
    Issue.record("recorded \(name)")
  } else {
    #expect(text == (try String(contentsOf: url, encoding: .utf8)), "snapshot \(name)")
  }
}
