// The merged file. Seen to fail: with rows in another order, with waiting trials given another
// status, with the drafted digest not taken for one.
import Foundation
import TestSupport
import Testing

@testable import Results

@Suite struct ResultsStoreMergeTests {
  let experiment = SampleExperiment()

  @Test func aMergedFileGivesEveryRecordBack() throws {
    try withFolder { folder throws in
      let store = ResultsStore(path: folder + "/x.h5")
      for record in experiment.records.reversed() { try store.seal([record]) }
      try store.merge(experiment.description)
      #expect(try names(in: folder) == ["x.h5", "x.h5.sha256"])
      let loaded = try store.load()
      #expect(loaded.records == experiment.records)
      #expect(loaded.isVerified)
      let stored = try #require(loaded.experiment)
      #expect(stored.name == "sample")
      #expect(stored.title == "A sample")
      #expect(stored.source == experiment.description.source)
      #expect(stored.planDigest == experiment.description.planDigest)
      #expect(stored.axes == experiment.axes)
      #expect(stored.waiting == [])
      #expect(stored.attributes.contains(Attribute("isa", .text("x86-64-v3"))))
    }
  }

  @Test func orderAndGroupingOfSealingChangeNoByte() throws {
    try withFolder { folder throws in
      let records = experiment.records
      let orders: [[[TrialRecord]]] = [
        [records], records.reversed().map { [$0] },
        [Array(records[10...]), Array(records[..<10])],
      ]
      var files: [[UInt8]] = []
      for (index, segments) in orders.enumerated() {
        let store = ResultsStore(path: folder + "/\(index).h5")
        for segment in segments { try store.seal(segment) }
        try store.merge(experiment.description)
        files.append(try bytes(of: store.path))
        try store.merge(experiment.description)  // from the merged file alone
        files.append(try bytes(of: store.path))
      }
      for file in files.dropFirst() {
        let isSame = file == files[0]
        #expect(isSame)
      }
    }
  }

  @Test func unfinishedTrialsWaitAndAreTakenUpLater() throws {
    try withFolder { folder throws in
      let records = experiment.records
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(Array(records[..<7]))
      try store.merge(experiment.description)
      let partial = try store.load()
      #expect(partial.records == Array(records[..<7]))
      #expect(partial.experiment?.waiting == Array(experiment.trials[7...]))
      try store.seal(Array(records[7...]))
      #expect(try store.load().records == records)
      try store.merge(experiment.description)
      #expect(try store.load().records == records)
      #expect(try store.load().experiment?.waiting == [])
    }
  }

  @Test func aValueAddedToAnAxisKeepsTheFinishedTrials() throws {
    try withFolder { folder throws in
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(experiment.records)
      try store.merge(experiment.description)
      var wider = experiment
      wider.sigmas = [0.1, 0.2, 0.3]
      let done = Set(try store.load(.summary).records.map(\.id))
      let new = wider.records.filter { !done.contains($0.id) }
      #expect(new.count == 8)
      try store.seal(new)
      try store.merge(wider.description)
      let loaded = try store.load()
      #expect(loaded.records.map(\.id) == wider.trials.map(\.id))
      let old = loaded.records.filter { done.contains($0.id) }
      let former = experiment.records.filter { record in old.contains { $0.id == record.id } }
      #expect(old == former)
    }
  }

  @Test func aTrialThatThePlanDroppedKeepsItsRow() throws {
    try withFolder { folder throws in
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(experiment.records)
      try store.merge(experiment.description)
      var narrower = experiment
      narrower.losses = ["ism", "dsm"]
      try store.merge(narrower.description)
      let loaded = try store.load()
      #expect(loaded.records.count == experiment.records.count)
      let planned = narrower.trials.map(\.id)
      #expect(Array(loaded.records.map(\.id).prefix(planned.count)) == planned)
      #expect(Set(loaded.unplanned).isDisjoint(with: planned))
      #expect(loaded.unplanned.count == experiment.records.count - planned.count)
      try store.merge(experiment.description)
      #expect(try store.load().records == experiment.records)
      #expect(try store.load().unplanned == [])
    }
  }

  @Test func partsOfSeveralMachinesMergeIntoOne() throws {
    try withFolder { folder throws in
      let records = experiment.records
      let parts = (0..<3).map { ResultsStore(path: folder + "/part\($0).h5") }
      for (index, part) in parts.enumerated() {
        try part.seal(records.enumerated().filter { $0.offset % 3 == index }.map(\.element))
      }
      try parts[1].merge(experiment.description)
      let whole = ResultsStore(path: folder + "/whole.h5")
      try whole.merge(experiment.description, including: parts)
      #expect(try whole.load().records == records)
      #expect(try parts[0].load().records.count == (records.count + 2) / 3)
    }
  }

  @Test func aDamagedMergedFileIsAClearError() throws {
    try withFolder { folder throws in
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(experiment.records)
      try store.merge(experiment.description)
      let good = try bytes(of: store.path)
      for damaged in [Array(good.dropLast(1)), Array(good[..<100]), [], good + [0]] {
        try Data(damaged).write(to: URL(filePath: store.path))
        let error = #expect(throws: ResultsError.self) { try store.load() }
        guard case .corrupt(store.path, let reason) = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
        #expect(reason.contains("SHA-256"))
      }
      try Data(good).write(to: URL(filePath: store.path))
      #expect(try store.load().records == experiment.records)
    }
  }

  @Test func aFileCopiedAloneIsReadUnverified() throws {
    try withFolder { folder throws in
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(experiment.records)
      try store.merge(experiment.description)
      let copy = ResultsStore(path: folder + "/copy.h5")
      let good = try bytes(of: store.path)
      try Data(good).write(to: URL(filePath: copy.path))
      let loaded = try copy.load()
      #expect(!loaded.isVerified)
      #expect(loaded.records == experiment.records)
      try Data(good.dropLast(1000)).write(to: URL(filePath: copy.path))
      let error = #expect(throws: ResultsError.self) { try copy.load() }
      guard case .corrupt = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test func aKillBetweenTheTwoRenamesLosesNothing() throws {
    try withFolder { folder throws in
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(Array(experiment.records[..<3]))
      try store.merge(experiment.description)
      let former = try bytes(of: store.path + ".sha256")
      try store.seal(Array(experiment.records[3...]))
      try store.merge(experiment.description)
      // As if killed after the file's rename and before that of its digest.
      let digest = URL(filePath: store.path + ".sha256")
      try FileManager.default.moveItem(at: digest, to: URL(filePath: store.path + ".sha256.tmp"))
      try Data(former).write(to: digest)
      #expect(try store.load().records == experiment.records)
      #expect(try store.load().isVerified)
      // The next merge first ends the former, so that a kill during it does no harm either.
      struct Kill: Error {}
      #expect(throws: Kill.self) { try store.merged.replace { _ in throw Kill() } }
      #expect(try names(in: folder) == ["x.h5", "x.h5.sha256"])
      #expect(try store.load().isVerified)
      try store.merge(experiment.description)
      #expect(try names(in: folder) == ["x.h5", "x.h5.sha256"])
    }
  }

  /// Waiting for a process does not go together with a sanitizer and tests that expect an exit.
  @Test(.enabled(if: !isSanitized))
  func theDigestFileIsOneThatSha256sumReads() throws {
    try withFolder { folder throws in
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(experiment.records)
      try store.merge(experiment.description)
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/sha256sum")
      process.arguments = ["--check", "--status", "x.h5.sha256"]
      process.currentDirectoryURL = URL(filePath: folder)
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
  }
}
