// Files made in memory and read from the disk. Seen to fail: with object times tracked, with the
// weak close degree (a leaked group passes unseen).
import Foundation
import HDF5
import Testing

@Suite struct FileTests {
  @Test func everyTypeComesBackAsItWasWritten() throws {
    let numbers: [Double] = [1.5, -0.0, .infinity, .nan, .leastNonzeroMagnitude]
    let texts = ["a", "", "ü ∂ 🙂", String(repeating: "long ", count: 5000)]
    let bytes = try File.image(named: "image") { root in
      try root.write(numbers, to: "double")
      try root.write(numbers.map(Float.init), to: "float")
      try root.write([Int8.min, 0, Int8.max], to: "int8")
      try root.write([Int32.min, 0, Int32.max], to: "int32")
      try root.write([Int64.min, 0, Int64.max], to: "int64")
      try root.write(texts, to: "text")
      try root.write("alone", to: "scalar")
      try root.write([] as [Double], to: "none")
      try root.write([] as [String], to: "no text")
    }
    try File.open(image: bytes, named: "image") { root throws in
      let double = try root.dataset("double").read(as: Double.self)
      #expect(double.map(\.bitPattern) == numbers.map(\.bitPattern))
      let float = try root.dataset("float").read(as: Float.self)
      #expect(float.map(\.bitPattern) == numbers.map { Float($0).bitPattern })
      #expect(try root.dataset("int8").read() == [Int8.min, 0, Int8.max])
      #expect(try root.dataset("int32").read() == [Int32.min, 0, Int32.max])
      #expect(try root.dataset("int64").read() == [Int64.min, 0, Int64.max])
      #expect(try root.dataset("text").read() == texts)
      #expect(try root.dataset("scalar").read() == ["alone"])
      #expect(try root.dataset("scalar").shape == [])
      #expect(try root.dataset("none").read() == [Double]())
      #expect(try root.dataset("no text").read() == [String]())
      #expect(
        try root.members() == [
          "double", "float", "int32", "int64", "int8", "no text", "none", "scalar", "text",
        ])
    }
  }

  @Test func equalContentsGiveEqualBytesAtAnyTime() throws {
    func fill(_ root: Group) throws {
      let group = try root.createGroup("group")
      try group.write((0..<10_000).map(Double.init), to: "values")
      try group.setAttribute("unit", to: "1")
    }
    let first = try File.image(named: "first", fill)
    Thread.sleep(forTimeInterval: 1.1)
    let isSame = try File.image(named: "second", fill) == first
    #expect(isSame)
  }

  @Test func aFileOnDiskIsReadLikeItsImage() throws {
    try withFolder { folder in
      let path = folder + "/a.h5"
      let values = (0..<1_000_000).map { Double($0).squareRoot() }
      var pieces: [[UInt8]] = []
      try File.image(named: "a", { try $0.write(values, to: "x") }, consume: { pieces.append($0) })
      #expect(pieces.count > 2)
      let bytes = try File.image(named: "a") { try $0.write(values, to: "x") }
      let isSame = Array(pieces.joined()) == bytes
      #expect(isSame)
      try Data(bytes).write(to: URL(filePath: path))
      let read = try File.open(at: path) { try $0.dataset("x").read(as: Double.self) }
      #expect(read == values)
      #expect(try Data(contentsOf: URL(filePath: path)) == Data(bytes))
    }
  }

  @Test func aFileStartsWithTheEarliestSuperblock() throws {
    let bytes = try File.image(named: "image") { try $0.write(1.0, to: "x") }
    #expect(bytes[0..<8] == [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(bytes[8] == 0)
  }

  @Test func anErrorOfTheBodyClosesTheFile() async {
    await #expect(processExitsWith: .success) {
      struct Stop: Error {}
      let bytes = try File.image(named: "good") { try $0.write(1.0, to: "x") }
      #expect(throws: Stop.self) { try File.image(named: "bad") { _ in throw Stop() } }
      #expect(throws: Stop.self) {
        try File.open(image: bytes, named: "good") { _ in throw Stop() }
      }
      #expect(throws: Stop.self) {
        try File.image(named: "bad", { try $0.write(1.0, to: "x") }, consume: { _ in throw Stop() })
      }
      precondition(Library.openObjectCount == 0)
    }
  }

  @Test func aGroupThatOutlivesItsFileIsReported() throws {
    var kept: [Group] = []
    let error = #expect(throws: HDF5Error.self) {
      _ = try File.image(named: "image") { root in kept.append(try root.createGroup("kept")) }
    }
    #expect(error?.operation == "close file")
    #expect(kept.map(\.path) == ["/kept"])
  }
}

/// Runs a body with a folder of its own, removed afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { _ = try? FileManager.default.removeItem(at: folder) }
  try body(folder.path())
}
