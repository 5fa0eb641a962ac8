// Damaged experiment files, through the reader and the planner with the whole catalogue: a plan or mistakes
// that point into the file, in bounded time.
import Experiments
import Foundation
import Planning
import TestSupport
import Testing

struct ExperimentFuzzTests {
  private static let words = [
    "{", "}", "[", "]", ",", ":", "\"", "\"loss\"", "\"dsm\"", "\"grid\"", "\"type\"", "null",
    "true",
    "1e400", "-1", "0", "1e15", "99999999999999999999", "\"geometric\": [1, 2, 3]", "//", "/*",
    "\\u0000",
    "\"zip\": {}", "\"for\": []", "\"also\": [{}]", "\"exclude\": [{}]", "\"repeat\": 3", "[[]]",
    "{}",
  ]

  /// The examples, which use every part of the language between them.
  private static func examples() throws -> [[UInt8]] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("experiments/examples")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") }.sorted()
    return try names.map { [UInt8](try Data(contentsOf: folder.appendingPathComponent($0))) }
  }

  /// Parts of the whole, so that both cores have something to do.
  @Test(arguments: 0..<8)
  func damagedExperimentsArePlansOrMistakesInTheFile(part: Int) throws {
    let rounds = Mutations.rounds(1600, full: 100_000) / 8
    var mutations = Mutations(
      of: try Self.examples(), words: Self.words, seed: UInt64(2019 + part))
    var planned = 0
    var slowest = 0.0
    // Where the process dies, the file that it died of stays.
    let witness = Mutations.isFull ? try TemporaryWitness(part) : nil
    for _ in 0..<rounds {
      let bytes = mutations.next()
      try witness?.write(bytes)
      let start = ContinuousClock().now
      do throws(InvalidExperiment) {
        _ = try Plan(reading: bytes, named: "t.json", catalogue: .scoreSweep)
        planned += 1
      } catch {
        let lines = bytes.count { $0 == 0x0a } + 1
        let arePlaced = error.diagnostics.allSatisfy {
          $0.file != "t.json" || ((1...lines).contains($0.line) && $0.column >= 1)
        }
        #expect(!error.diagnostics.isEmpty && arePlaced)
      }
      slowest = max(slowest, start.duration(to: ContinuousClock().now) / .seconds(1))
    }
    witness?.remove()
    #expect(planned > rounds / 100)
    #expect(slowest < 60)
  }
}

/// A file that is overwritten with each input.
private struct TemporaryWitness {
  let path: URL

  init(_ part: Int) throws {
    path = FileManager.default.temporaryDirectory
      .appendingPathComponent(
        "scoresweep-fuzz-\(ProcessInfo.processInfo.processIdentifier)-\(part)")
  }

  func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: path) }

  func remove() {
    do { try FileManager.default.removeItem(at: path) } catch {
      Issue.record("\(path.path) stays: \(error)")
    }
  }
}
