// Dimension scales. Seen to fail: with every scale attached to axis 0.
import HDF5
import Testing

@Suite struct DatasetScalesTests {
  @Test func eachAxisHasItsScale() throws {
    let bytes = try File.image(named: "image") { root in
      let rows = try root.write([0, 1] as [Int32], to: "row")
      let columns = try root.write(["a", "b", "c"], to: "column")
      try rows.makeScale(named: "row")
      try columns.makeScale(named: "column")
      let values = try root.write((0..<6).map(Double.init), shape: [2, 3], to: "values")
      try values.attach(rows, toAxis: 0)
      try values.attach(columns, toAxis: 1)
    }
    try File.open(image: bytes, named: "image") { root throws in
      #expect(try root.dataset("row").isScale())
      #expect(try !root.dataset("values").isScale())
      #expect(try root.dataset("values").scaleCount(ofAxis: 0) == 1)
      #expect(try root.dataset("values").scaleCount(ofAxis: 1) == 1)
    }
  }

  @Test func aScaleOfAScaleIsAnError() throws {
    let error = #expect(throws: HDF5Error.self) {
      _ = try File.image(named: "image") { root in
        let first = try root.write([1.0], to: "first")
        let second = try root.write([1.0], to: "second")
        try first.makeScale(named: "first")
        try second.makeScale(named: "second")
        try first.attach(second, toAxis: 0)
      }
    }
    #expect(error?.operation == "attach scale /second")
  }
}
