// Arrays stacked by architecture. Seen to fail: with the precision left out of a stack's form, with
// attributes that differ written once.
import HDF5
import Testing

@testable import Results

@Suite struct StackTests {
  private func record(_ number: Int, _ change: (inout TrialRecord) -> Void) -> TrialRecord {
    var record = SampleExperiment().records[0]
    record.id = SampleExperiment.id("\(number)")
    record.samples = []
    change(&record)
    return record
  }

  @Test func trialsOfOneNameAndSeveralFormsStandInSeveralStacks() throws {
    try withFolder { folder throws in
      let records = [
        record(0) { _ in },
        record(1) {
          $0.parameters[1] = NamedArray("b", shape: [4], values: .float64([1, 2, 3, 4]))
        },
        record(2) { _ in },
        record(3) { $0.parameters[0].shape = [4, 2] },
        record(4) { $0.architecture = "other" },
        record(5) { $0.architectureAttributes[0].value = .integer(1) },
      ]
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(records)
      #expect(try store.load().records == records)
      let name = records[0].architecture
      let segment = try #require(try store.segments().first)
      try File.open(at: segment.path) { root throws in
        let group = try root.group("parameters")
        let stacks = [name, name + "~2", name + "~3", "other", name + "~4"]
        #expect(try group.attribute("stacks") == stacks)
        let first = try group.group(name)
        #expect(try first.dataset("trial").read() == [0, 2] as [Int32])
        #expect(try first.dataset("id").read() == [records[0].id, records[2].id])
        #expect(try first.dataset("layer0.weight").shape == [2, 2, 4])
        #expect(try first.dataset("layer0.weight").scaleCount(ofAxis: 2) == 1)
        #expect(try group.group(name + "~2").scalarAttribute("architecture") == name)
      }
    }
  }

  @Test func attributesThatDifferBetweenTrialsHaveARowForEach() throws {
    try withFolder { folder throws in
      let records = (0..<3).map { number in
        record(number) { record in
          record.architectureAttributes = [
            Attribute("shared", .numbers([1, 2])), Attribute("text", .text("t\(number)")),
            Attribute("number", .number(Double(number))), Attribute("flag", .boolean(number > 0)),
            Attribute("integers", .integers([number, -number])),
            Attribute("texts", .texts(["a", "\(number)"])), Attribute("none", .numbers([])),
            Attribute("numbers", .numbers([.nan, Double(number)])),
            Attribute("large", .numbers([Double](repeating: 1, count: 10_000))),
          ]
        }
      }
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(records)
      #expect(try store.load().records == records)
      let segment = try #require(try store.segments().first)
      try File.open(at: segment.path) { root throws in
        let group = try root.group("parameters").group(records[0].architecture)
        #expect(try group.attribute("shared") == [1.0, 2.0])
        #expect(try group.dataset("numbers").shape == [3, 2])
        #expect(try group.dataset("flag").elementType == .int8)
      }
    }
  }

  /// What readers of netCDF make of them is tested outside.
  @Test func samplesHaveDimensionsOfTheirOwnNames() throws {
    func points(_ name: String, _ rows: Int) -> NamedArray {
      NamedArray(name, shape: [rows, 2], values: .float64([Double](repeating: 1, count: 2 * rows)))
    }
    try withFolder { folder throws in
      let records = [
        record(0) { $0.samples = [points("samples", 5), points("test", 3), points("other", 4)] },
        record(1) {
          $0.architecture = "wide"
          $0.samples = [
            points("samples", 5),
            NamedArray("test", shape: [2, 3], values: .float64([1, 2, 3, 4, 5, 6])),
          ]
        },
      ]
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(records)
      #expect(try store.load().records == records)
      let segment = try #require(try store.segments().first)
      try File.open(at: segment.path) { root throws in
        let group = try root.group("samples").group(records[0].architecture)
        #expect(
          try group.members() == [
            "coordinate", "id", "other", "other.axis1", "other.axis2", "row", "sample", "samples",
            "test", "trial",
          ])
        #expect(try group.dataset("samples").scaleCount(ofAxis: 2) == 1)
        // Another width cannot share the dimension.
        let wide = try root.group("samples").group("wide")
        #expect(try wide.members().contains("test.axis2"))
      }
    }
  }
}
