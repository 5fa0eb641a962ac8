// What survives a kill, a full disk, a folder that may not be written, a second run. Seen to fail:
// with a shared lock; with libhdf5 writing to the disk itself (it crashes when the disk is full).
import Foundation
import Glibc
import Results
import TestSupport
import Testing

@Suite struct DurabilityTests {
  @Test func aSecondWriterIsRefusedUntilTheFirstIsDone() throws {
    try withFolder { folder throws in
      let first = ResultsStore(path: folder + "/x.h5")
      let second = ResultsStore(path: folder + "/x.h5")
      try first.lock()
      try first.lock()
      let refusal = ResultsError.locked(path: first.path, processID: Int(getpid()))
      #expect(throws: refusal) { try second.lock() }
      #expect(throws: refusal) { try second.seal(SampleExperiment().records) }
      #expect(refusal.description.contains("another run (process \(getpid())) is writing"))
      #expect(try second.load().records == [])
      first.unlock()
      try second.lock()
      #expect(throws: ResultsError.self) { try first.lock() }
      try second.merge(SampleExperiment().description)
      try first.lock()
    }
  }

  @Test func aKillAtAnyMomentLosesNothingSealed() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
    defer { _ = try? FileManager.default.removeItem(atPath: folder) }
    let store = ResultsStore(path: folder + "/x.h5")
    var sealed = 1
    for round in 0..<6 {
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [folder = folder as String, round = round as Int] in
        let store = ResultsStore(path: folder + "/x.h5")
        let killer = Thread {
          usleep(useconds_t(20_000 + 13_700 * round))
          kill(getpid(), SIGKILL)
        }
        try store.lock()
        let done = Set(try store.load(.summary).records.map(\.id))
        let pending = SampleExperiment().records.filter { !done.contains($0.id) }
        if let first = pending.first { try store.seal([first]) }
        killer.start()
        while true {
          for record in pending.dropFirst() { try store.seal([record]) }
          try store.merge(SampleExperiment().description)
        }
      }
      let loaded = try store.load()
      #expect(loaded.corruptSegments == [])
      #expect(loaded.conflicts == [])
      let records = SampleExperiment().records
      #expect(loaded.records.allSatisfy { records.contains($0) })
      #expect(loaded.records.count >= sealed)
      sealed = loaded.records.count
    }
    try store.seal(SampleExperiment().records)
    try store.merge(SampleExperiment().description)
    #expect(try store.load().records == SampleExperiment().records)
    #expect(try names(in: folder) == ["x.h5", "x.h5.sha256"])
  }

  @Test func aFolderThatMayNotBeWrittenIsAClearError() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { _ = try? FileManager.default.removeItem(atPath: folder) }
    let merged = ResultsStore(path: folder + "/x.h5")
    try merged.seal(SampleExperiment().records)
    try merged.merge(SampleExperiment().description)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
    await #expect(processExitsWith: .success) { [folder = folder as String] in
      if geteuid() == 0 { _ = setuid(65534) }  // root may write everywhere
      for name in ["x.h5", "new.h5", "new/new.h5"] {
        let store = ResultsStore(path: folder + "/" + name)
        let error = #expect(throws: ResultsError.self) {
          try store.seal(SampleExperiment().records)
        }
        guard case .unwritable(_, "Permission denied") = error else {
          fatalError("\(String(describing: error))")
        }
      }
      let count = try ResultsStore(path: folder + "/x.h5").load().records.count
      precondition(count == SampleExperiment().records.count)
    }
  }

  @Test func aFileInThePlaceOfTheFolderIsAClearError() throws {
    try withFolder { folder throws in
      try Data([1]).write(to: URL(filePath: folder + "/x.h5.d"))
      let store = ResultsStore(path: folder + "/x.h5")
      let error = #expect(throws: ResultsError.self) { try store.seal(SampleExperiment().records) }
      #expect(
        error == .unwritable(path: folder + "/x.h5.d/lock", reason: "Not a directory"))
    }
  }

  @Test func aFileThatMayNotGrowKeepsWhatWasSealed() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
    defer { _ = try? FileManager.default.removeItem(atPath: folder) }
    await #expect(processExitsWith: .success) { [folder = folder as String] in
      let records = SampleExperiment().records
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(records)
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      limit.rlim_cur = 20_000
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      for _ in 0..<3 {
        #expect(throws: ResultsError.self) { try store.merge(SampleExperiment().description) }
        #expect(throws: ResultsError.self) { try store.seal(records) }
      }
      try expectRecords(records, in: store)
      limit.rlim_cur = limit.rlim_max
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      try store.merge(SampleExperiment().description)
      try expectRecords(records, in: store)
    }
    #expect(try names(in: folder) == ["x.h5", "x.h5.sha256"])
  }

  /// On a file system of 200 KiB.
  @Test(.enabled(if: geteuid() == 0 && !isSanitized))
  func aFullDiskIsAClearErrorAndKeepsWhatWasSealed() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { _ = try? FileManager.default.removeItem(atPath: folder) }
    guard try run("mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", folder) == 0 else {
      return  // a container may forbid mounts
    }
    defer { _ = try? run("umount", "--lazy", folder) }
    await #expect(processExitsWith: .success) { [folder = folder as String] in
      let store = ResultsStore(path: folder + "/x.h5")
      var sealed: [TrialRecord] = []
      var failure: ResultsError?
      while failure == nil {
        var record = SampleExperiment().records[0]
        record.id = SampleExperiment.id("\(sealed.count)")
        do {
          try store.seal([record])
          sealed.append(record)
        } catch let error as ResultsError {
          failure = error
        }
      }
      guard case .diskFull = failure else { fatalError("\(String(describing: failure))") }
      precondition(sealed.count > 2)
      try expectRecords(sealed, in: store)
      do {
        try store.merge(SampleExperiment().description)
        fatalError("there was no room to merge")
      } catch ResultsError.diskFull {
      }
      try expectRecords(sealed, in: store)
    }
  }
}

/// Stops the process of an exit test where a store does not hold these records.
private func expectRecords(_ records: [TrialRecord], in store: ResultsStore) throws {
  let found = try store.load().records
  precondition(found == records, "\(found.count) records, not \(records.count)")
}

/// Runs a program and gives its exit code.
private func run(_ program: String, _ arguments: String...) throws -> Int32 {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/" + program)
  process.arguments = arguments
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}
