import Foundation
import HDF5
import Planning
import Results
import ScoreMatching
import Settings
import TestSupport
import Testing

@testable import Experiments

// Seen to fail with the dataset's members read as those of the root.
struct DataFilesTests {
  /// Rows of three numbers.
  private static let rows: [Double] = {
    var numbers = TestNumbers(seed: 4)
    return numbers.normals(300)
  }()

  private static func image() throws -> [UInt8] {
    try File.image(named: "data") { root in
      let group = try root.createGroup("wine")
      try group.write(rows, shape: [100, 3], to: "red")
      try group.write(rows.map { Float($0) }, shape: [10, 5, 6], to: "cubes")
      try group.write([Int32](0..<20), shape: [20], to: "counts")
      try group.write(["a", "b"], shape: [2], to: "names")
      try group.write([1, 2, .infinity], shape: [3, 1], to: "infinite")
      _ = try group.createDataset("unwritten", shape: [1 << 40, 1 << 10], of: .float64)
      try root.write([1.0], shape: [], to: "scalar")
    }
  }

  private static func data(_ dataset: String) -> TableData {
    TableData(
      .object([
        "type": .text("hdf5"), "path": .text("x.h5"), "dataset": .text(dataset),
        "drop_indices": .list([]), "dequantise": .boolean(false), "whiten": .text("none"),
        "statistics": .text("all"), "noise": .number(0), "held_out_fraction": .number(0.1),
        "held_out_limit": .number(1000),
      ]))
  }

  @Test func datasetsAreReadByTheirPaths() throws {
    let image = try Self.image()
    let red = try Self.data("wine/red").table(ofDataset: "/wine/red", in: image)
    #expect(red == Table(columns: ["0", "1", "2"], values: Self.rows))
    let cubes = try Self.data("").table(ofDataset: "wine/cubes", in: image)
    #expect(cubes.columns.count == 30)
    #expect(cubes.values == Self.rows.map { Double(Float($0)) })
    let counts = try Self.data("").table(ofDataset: "wine/counts", in: image)
    #expect(counts == Table(columns: ["0"], values: (0..<20).map(Double.init)))
  }

  private static let mistakes: [(String, DataError)] = [
    (
      "wine/white",
      .noDataset(
        "wine/white", known: ["counts", "cubes", "infinite", "names", "red", "unwritten"])
    ),
    ("beer/red", .noDataset("beer/red", known: ["scalar", "wine"])),
    ("/", .noDataset("/", known: ["scalar", "wine"])),
    ("wine/names", .unsupportedType("wine/names, which holds strings and no numbers,")),
    (
      "/wine",
      .isGroup("/wine", members: ["counts", "cubes", "infinite", "names", "red", "unwritten"])
    ),
    ("scalar/x", .noDataset("scalar/x", known: ["scalar", "wine"])),
    ("scalar", .unsupportedShape([])),
    ("wine/unwritten", .truncated(needed: 1 << 50, found: 0)),
    ("wine/infinite", .notFinite(row: 2, column: "0", value: "inf")),
  ]

  @Test(arguments: mistakes.indices) func whatIsWrongIsSaid(_ index: Int) throws {
    let (dataset, mistake) = Self.mistakes[index]
    let image = try Self.image()
    #expect(throws: mistake) { try Self.data(dataset).table(ofDataset: dataset, in: image) }
    #expect(throws: DataError.wrongFormat(expected: "an HDF5 file")) {
      try Self.data(dataset).table(ofDataset: dataset, in: Array("no HDF5".utf8))
    }
    #expect(throws: HDF5Error.self) {
      try Self.data(dataset).table(ofDataset: dataset, in: Array(image[..<1000]))
    }
  }

  /// One table in every format gives one trial: the same rows to the last bit.
  @Test func everyFormatGivesTheSameRows() throws {
    let folder = try TemporaryFolder()
    func write(_ bytes: [UInt8], _ name: String) throws {
      try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
    }
    try write(Self.image(), "x.h5")
    let lines = (0..<100).map { row in
      (0..<3).map { "\(Self.rows[3 * row + $0])" }.joined(separator: ",")
    }
    try write(Array(lines.joined(separator: "\n").utf8), "x.csv")
    let header = "{'descr': '>f8', 'fortran_order': False, 'shape': (100, 3), }"
    let numbers = Self.rows.flatMap { value in
      (0..<8).map { UInt8(value.bitPattern >> (56 - 8 * $0) & 0xFF) }
    }
    let magic = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
    try write(magic + Array(header.utf8) + numbers, "x.npy")
    try write([0, 0, 0x0E, 2, 0, 0, 0, 100, 0, 0, 0, 3] + numbers, "x.idx")
    let common = #""dequantise": false, "whiten": "zca", "noise": 0"#
    let plan = try plan(
      """
      { "name": "formats", "base": { "training": { "steps": 1 }, "loss": "dsm", "keep_test_data": true },
        "grid": { "data": [
          { "type": "csv", "path": "x.csv", "header": false, \(common) },
          { "type": "npy", "path": "x.npy", \(common) },
          { "type": "idx", "path": "x.idx", \(common) },
          { "type": "hdf5", "path": "x.h5", "dataset": "wine/red", \(common) } ] },
        "metrics": ["implicit_score_matching"] }
      """)
    let files = DataFiles(folders: [folder.path])
    let found = try plan.trials.map { try TrialData($0, files: files) }
    #expect(found.count == 4)
    for data in found {
      // The order of the rows has a stream of its own for each file.
      #expect(data.dimension == 3 && data.test.count == 30 && data.train.count == 243)
      let rows = Set((data.train + data.validation + data.test).map { ($0 * 1e9).rounded() })
      let others = found[0].train + found[0].validation + found[0].test
      #expect(rows == Set(others.map { ($0 * 1e9).rounded() }))
    }
    let records = plan.trials.compactMap(TrialRunner(plan: plan, files: files).run)
    #expect(records.map(\.outcome) == [.completed, .completed, .completed, .completed])
  }

  @Test func compressedFilesAreUnpackedAndDamagedOnesAreSaid() throws {
    let folder = try TemporaryFolder()
    let packed = try #require(
      Data(base64Encoded: "H4sIAAAAAAACAytOzi9KVchNLEnOyMxLVygmhQsAxXJX2jwAAAA="))
    try packed.write(to: URL(fileURLWithPath: folder.file("text.gz")))
    try packed.prefix(20).write(to: URL(fileURLWithPath: folder.file("short.gz")))
    let files = DataFiles(folders: [folder.path])
    #expect(try files.bytes(of: "text.gz").count == 60)
    #expect {
      _ = try files.bytes(of: "short.gz")
    } throws: { error in
      (error as? TrialFailure)?.message.contains("short.gz: the compressed file ends") ?? false
    }
  }
}
