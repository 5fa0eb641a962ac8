// Damaged results files: `table` prints a table or says what is wrong, and never dies itself.
import Foundation
import TestSupport
import Testing

/// Under a sanitizer it is libhdf5 that would be told of.
@Suite(.enabled(if: !isSanitized)) struct ResultsFuzzTests {
  @Test(arguments: 0..<2)
  func aDamagedFileIsATableOrAnError(part: Int) throws {
    try Tool.with { tool in
      try tool.write(Example.experiment(), to: "example.json")
      #expect(try tool.run("run", "example.json", "--quiet", "-o", "good.h5").status == 0)
      let good = [UInt8](try Data(contentsOf: tool.folder.appendingPathComponent("good.h5")))
      var mutations = Mutations(of: [good], seed: UInt64(31 + part))
      var counts: [Int32: Int] = [:]
      let rounds = Mutations.rounds(40, full: 2000) / 2
      for round in 0..<rounds {
        let name = "damaged-\(round).h5"
        try Data(mutations.next()).write(to: tool.folder.appendingPathComponent(name))
        let run = try tool.run("table", name, "--format", "csv")
        counts[run.status, default: 0] += 1
        #expect([0, 2, 64].contains(run.status), "\(name): \(run.status)")
        #expect(run.status == 0 ? !run.output.isEmpty : run.words.contains(name))
        if [0, 2, 64].contains(run.status) {
          try FileManager.default.removeItem(at: tool.folder.appendingPathComponent(name))
        }
        try tool.removeChannels()
      }
      #expect(counts[0, default: 0] > 0 && counts[2, default: 0] > 0)
    }
  }
}

extension Tool {
  /// Takes away what earlier runs wrote to their channels.
  fileprivate func removeChannels() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where name.hasPrefix("stdout-") || name.hasPrefix("stderr-") {
      try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
  }
}
