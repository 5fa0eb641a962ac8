// Attributes of groups and datasets. Seen to fail: with scalars written as arrays of one.
import HDF5
import Testing

@Suite struct AttributesTests {
  @Test func attributesComeBackWithTypeAndShape() throws {
    let long = String(repeating: "x", count: 70_000)
    let bytes = try File.image(named: "image") { root in
      try root.setAttribute("text", to: "größe")
      try root.setAttribute("long", to: long)
      try root.setAttribute("empty", to: "")
      try root.setAttribute("texts", to: ["a", "b"])
      try root.setAttribute("number", to: 0.1)
      try root.setAttribute("numbers", to: [1.0, .nan])
      try root.setAttribute("none", to: [Int64]())
      let dataset = try root.write([1.0], to: "x")
      try dataset.setAttribute("flag", to: Int8(1))
    }
    try File.open(image: bytes, named: "image") { root throws in
      #expect(
        try root.attributeNames() == [
          "empty", "long", "none", "number", "numbers", "text", "texts",
        ])
      #expect(try root.scalarAttribute("text") == "größe")
      #expect(try root.scalarAttribute("long") == long)
      #expect(try root.scalarAttribute("empty") == "")
      #expect(try root.attribute("texts") == ["a", "b"])
      #expect(try root.scalarAttribute("number") == 0.1)
      #expect(try root.attribute("numbers", as: Double.self)[1].isNaN)
      #expect(try root.attribute("none") == [Int64]())
      #expect(try root.scalarAttribute("absent", as: String.self) == nil)
      #expect(try root.hasAttribute("text"))
      #expect(try !root.hasAttribute("flag"))
      let texts = try root.attributeForm("texts")
      #expect(texts.type == .string && texts.shape == [2])
      let flag = try root.dataset("x").attributeForm("flag")
      #expect(flag.type == .int8 && flag.shape == [])
    }
  }

  @Test func anAttributeAboveTheHeadersSizeIsAnError() throws {
    let error = #expect(throws: HDF5Error.self) {
      _ = try File.image(named: "image") {
        try $0.setAttribute("large", to: [Double](repeating: 0, count: 10_000))
      }
    }
    #expect(error?.operation == "write attribute large")
  }
}
