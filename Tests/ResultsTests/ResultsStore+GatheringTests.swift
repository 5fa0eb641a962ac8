// Small segments gathered into one. Seen to fail: with the former segments left in place.
import Foundation
import Testing

@testable import Results

@Suite struct ResultsStoreGatheringTests {
  @Test func manySmallSegmentsBecomeFewAndNothingIsLost() throws {
    try withFolder { folder throws in
      let records = SampleExperiment().records
      let store = ResultsStore(path: folder + "/x.h5", segmentLimit: 4)
      for (index, record) in records.enumerated() {
        try store.seal([record])
        #expect(try store.segments().count <= 5)
        let loaded = try ResultsStore(path: store.path).load()
        #expect(loaded.records == Array(records[...index]))
        #expect(loaded.conflicts == [])
      }
      try store.merge(SampleExperiment().description)
      #expect(try store.load().records == records)
      #expect(try names(in: folder) == ["x.h5", "x.h5.sha256"])
    }
  }

  @Test func aKillBeforeTheFormerSegmentsAreRemovedDoesNoHarm() throws {
    try withFolder { folder throws in
      let records = Array(SampleExperiment().records[..<3])
      let store = ResultsStore(path: folder + "/x.h5")
      var failed = records[1]
      failed.outcome = Outcome(.timedOut)
      failed.metrics = []
      for record in [records[0], failed, records[2]] { try store.seal([record]) }
      try store.seal([records[0], failed, records[2]])  // as if gathered
      try store.seal([records[1]])
      let loaded = try store.load()
      #expect(loaded.records == records)
      #expect(loaded.conflicts == [])
    }
  }

  @Test func aDamagedSegmentIsLeftWhereItIs() throws {
    try withFolder { folder throws in
      let records = SampleExperiment().records
      let store = ResultsStore(path: folder + "/x.h5", segmentLimit: 4)
      for record in records[..<4] { try store.seal([record]) }
      let damaged = try store.segments()[1].path
      try Data(try bytes(of: damaged).dropLast()).write(to: URL(filePath: damaged))
      try store.seal([records[4]])
      let loaded = try store.load()
      #expect(loaded.records == [records[0], records[2], records[3], records[4]])
      #expect(loaded.corruptSegments.map(\.path) == [damaged])
    }
  }
}
