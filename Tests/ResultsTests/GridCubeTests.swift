// The labelled cube. Seen to fail: with the first axis fastest, with a waiting trial's number in
// its cell.
import HDF5
import Testing

@testable import Results

@Suite struct GridCubeTests {
  @Test func aCellHoldsTheMetricOfTheTrialThatAnswersForIt() throws {
    try withFolder { folder throws in
      let experiment = SampleExperiment()
      let description = experiment.description
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(Array(experiment.records.dropLast(3)))
      try store.merge(description)
      let records = experiment.records
      try File.open(at: store.path) { root throws in
        let grid = try root.group("grid")
        let shape = [4, 2, 2, 2, 2]
        #expect(try grid.attribute("axes") == experiment.axes.map(\.name))
        #expect(try grid.dataset("loss").read() == experiment.losses)
        #expect(try grid.dataset("sigma").read() == experiment.sigmas)
        #expect(try grid.dataset("dimension").elementType == .int32)
        let trials = try grid.dataset("trial").read(as: Int32.self)
        let metric = try grid.dataset("fisher_divergence").read(as: Double.self)
        #expect(try grid.dataset("trial").shape == shape)
        #expect(try grid.dataset("trial").scaleCount(ofAxis: 4) == 1)
        for (cell, indices) in combinations(shape).enumerated() {
          let trial = description.cell(indices)
          guard trial < records.count - 3 else {
            #expect(trials[cell] == -1)
            #expect(metric[cell].isAbsent)
            continue
          }
          #expect(Int(trials[cell]) == trial)
          let expected = try #require(records[trial].metric("fisher_divergence"))
          #expect(metric[cell].bitPattern == expected.bitPattern)
        }
        // Along sigma the value repeats where sigma does not apply.
        #expect(trials[0..<8] == trials[8..<16])
        #expect(Set(trials[48..<56]).isDisjoint(with: trials[56..<64]))
      }
    }
  }

  @Test func aCubeOfTooManyCellsIsLeftOut() throws {
    try withFolder { folder throws in
      let experiment = SampleExperiment()
      var description = experiment.description
      description.axes += (0..<3).map { axis in
        AxisDescription("wide\(axis)", (0..<300).map { .number(Double($0)) })
      }
      let store = ResultsStore(path: folder + "/x.h5")
      try store.seal(experiment.records)
      try store.merge(description)
      try File.open(at: store.path) { root throws in
        let grid = try root.group("grid")
        #expect(try !grid.contains("trial"))
        #expect(try grid.scalarAttribute("comment", as: String.self)?.contains("/trials") == true)
      }
      #expect(try store.load().experiment?.axes == description.axes)
    }
  }
}
