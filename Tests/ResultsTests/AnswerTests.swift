// What a child hands on. Seen to fail: with the digest not looked at.
import HDF5
import Settings
import TestSupport
import Testing

@testable import Results

@Suite struct AnswerTests {
  let experiment = SampleExperiment()

  private func answer(_ path: String, _ request: FileFromElsewhere.Request) throws -> [UInt8] {
    try #require(FileFromElsewhere.answer(reading: path, asked: request.words))
  }

  @Test func everythingThatAFileHoldsComesThroughBitForBit() throws {
    try withFolder { folder throws in
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(Array(experiment.records.dropLast(2)))
      try store.merge(experiment.description)
      let (rows, stored) = try Source.merged(path: store.path).rows()
      var reader = try AnswerReader(answer(store.path, .rows))
      #expect(try reader.integer() == FileFromElsewhere.Kind.done.rawValue)
      let read = try reader.rows()
      #expect(read.map(\.record) == rows.map(\.record))
      #expect(read.map(\.parameters) == rows.map(\.parameters))
      #expect(read.map(\.isWaiting) == rows.map(\.isWaiting))
      let readExperiment = try reader.optional { reader throws(BadAnswer) in
        try reader.experiment()
      }
      #expect(readExperiment == stored)
      try reader.finish()
      let finished = rows.filter { !$0.isWaiting }
      var parts = try AnswerReader(
        answer(store.path, .records(.everything, rows: [0..<finished.count])))
      #expect(try parts.integer() == 0)
      #expect(try parts.parts(into: finished.map(\.record)) == store.load().records)
      try parts.finish()
    }
  }

  @Test func changedBytesAreNoAnswerAndStopNothing() throws {
    try withFolder { folder throws in
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(Array(experiment.records.prefix(3)))
      try store.merge(experiment.description)
      let good = try answer(store.path, .rows)
      #expect(throws: BadAnswer.self) { try AnswerReader(Array(good.dropLast())) }
      #expect(throws: BadAnswer.self) { try AnswerReader([]) }
      var numbers = TestNumbers(seed: 3)
      var readable = 0
      for _ in 0..<2000 {
        // With a digest that fits, as a child that was overrun might give it.
        var bytes = Array(good.dropLast(32))
        for _ in 0...numbers.index(below: 3) {
          bytes[numbers.index(below: bytes.count)] = UInt8(numbers.index(below: 256))
        }
        bytes.removeLast(numbers.index(below: 3))
        do {
          var reader = try AnswerReader(bytes + SHA256.digest(bytes))
          _ = try reader.integer()
          _ = try reader.rows()
          readable += 1
        } catch is BadAnswer { continue }
      }
      #expect(readable < 2000)
    }
  }

  @Test func anAnswerToNothingKnownIsNone() {
    for words in [[], ["row"], ["rows", "x"], ["records"], ["records", "x", "0-1"]] {
      #expect(FileFromElsewhere.answer(reading: "x", asked: words) == nil)
    }
  }

  @Test func aFileThatIsNoneIsAnAnswerToo() throws {
    try withFolder { folder throws in
      var reader = try AnswerReader(answer(folder + "/nothing.h5", .rows))
      #expect(try reader.integer() != FileFromElsewhere.Kind.done.rawValue)
      #expect(try reader.text().contains("nothing.h5"))
    }
  }
}
