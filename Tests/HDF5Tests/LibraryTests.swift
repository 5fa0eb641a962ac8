// The lock, the error stack, and no leaked identifier. Seen to fail: with the lock's body empty,
// with the printing of errors left on.
import Foundation
import Testing

@testable import HDF5

@Suite struct LibraryTests {
  @Test func anErrorNamesOperationPathAndBothEndsOfTheStack() throws {
    let error = #expect(throws: HDF5Error.self) { try File.open(at: "/nowhere/x.h5") { _ in } }
    #expect(error?.operation == "open file")
    #expect(error?.path == "/nowhere/x.h5")
    #expect(error?.summary == "unable to open file")
    #expect(error?.cause.contains("No such file or directory") == true)
    #expect(error?.systemErrorNumber == ENOENT)
    #expect(error?.description.hasPrefix("open file /nowhere/x.h5: unable to open file: ") == true)
  }

  @Test func aMissingMemberIsAnError() throws {
    let bytes = try File.image(named: "image") { try $0.write(1.0, to: "x") }
    try File.open(image: bytes, named: "image") { root throws in
      #expect(try root.contains("x"))
      #expect(try !root.contains("y"))
      #expect(throws: HDF5Error.self) { try root.dataset("y") }
      #expect(throws: HDF5Error.self) { try root.group("x") }
    }
  }

  @Test func garbageAndTruncatedFilesAreErrors() throws {
    let bytes = try File.image(named: "image") {
      try $0.write((0..<5000).map(Double.init), to: "x")
    }
    let half = Array(bytes[..<(bytes.count / 2)])
    for damaged in [[], [1, 2, 3], Array("not a file".utf8), half] {
      #expect(throws: HDF5Error.self) {
        try File.open(image: damaged, named: "damaged") { try $0.dataset("x").count }
      }
    }
  }

  @Test func oneThreadAtATimeIsInsideTheLockAndMayEnterAgain() {
    nonisolated(unsafe) var entries = 0
    inThreads(8) { _ in
      for _ in 0..<1000 {
        Library.exclusively {
          let seen = entries
          sched_yield()  // lets another thread in, if it may
          Library.exclusively { entries = seen + 1 }
        }
      }
    }
    #expect(entries == 8000)
  }

  @Test func manyThreadsWriteTheirOwnFiles() throws {
    let failures = Failures()
    inThreads(32) { index in
      do {
        let values = (0..<500).map { Double($0 * index) }
        let bytes = try File.image(named: "image") { root in
          let scale = try root.write(values, to: "scale")
          try scale.makeScale(named: "scale")
          try root.write(values.map(\.description), to: "x").attach(scale, toAxis: 0)
        }
        let read = try File.open(image: bytes, named: "image") {
          try $0.dataset("x").read(as: String.self)
        }
        if read != values.map(\.description) { failures.add("other values") }
      } catch {
        failures.add("\(error)")
      }
    }
    #expect(failures.all == [])
  }

  @Test func nothingStaysOpenAndNothingIsPrinted() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      for _ in 0..<20 {
        let bytes = try File.image(named: "image") { root in
          let scale = try root.createGroup("g").write([1.0], to: "x")
          try scale.makeScale(named: "x")
          try scale.setAttribute("a", to: ["b"])
        }
        try File.open(image: bytes, named: "image") { root throws in
          _ = try root.group("g").dataset("x").attribute("a", as: String.self)
          _ = try? root.dataset("absent")
        }
        _ = try? File.open(at: "/nowhere/x.h5") { _ in }
        _ = try? File.open(image: [1, 2], named: "damaged") { _ in }
      }
      precondition(Library.openObjectCount == 0, "\(Library.openObjectCount) objects are open")
    }
    #expect(result?.standardErrorContent.isEmpty == true)
  }

  @Test func theVersionIsThatOfTheHeaders() {
    #expect(Library.version.split(separator: ".").count == 3)
  }
}

/// Words collected from several threads.
private final class Failures: @unchecked Sendable {
  private let lock = NSLock()
  private var words: [String] = []

  func add(_ word: String) {
    lock.withLock { words.append(word) }
  }

  var all: [String] { lock.withLock { words } }
}

/// Runs a body in as many threads of its own.
///
/// Those of Dispatch may all be busy with other tests, and the body then runs in one after another.
private func inThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let group = DispatchGroup()
  for index in 0..<count {
    group.enter()
    Thread {
      body(index)
      group.leave()
    }.start()
  }
  group.wait()
}
