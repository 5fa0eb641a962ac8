// Columns of axis values. Seen to fail: with booleans read as numbers, with an empty text taken for
// an absent one.
import HDF5
import Testing

@testable import Results

@Suite struct AxisColumnTests {
  /// What a column of these values is in the file.
  private func form(_ values: [AxisValue?]) throws -> ElementType {
    let bytes = try File.image(named: "image") {
      try AxisColumn.column(AxisDescription("x", []), named: "x", values).write(to: $0)
    }
    return try File.open(image: bytes, named: "image") { root in
      let dataset = try root.dataset("x")
      let read = try AxisColumn.values(of: dataset)
      #expect(read == values)
      return dataset.elementType
    }
  }

  @Test func valuesComeBackFromTheNarrowestType() throws {
    #expect(try form([.number(2), .number(-3)]) == .int32)
    #expect(try form([.number(2), .number(0.5)]) == .float64)
    #expect(try form([.number(2), nil]) == .float64)
    #expect(try form([.number(3e9)]) == .float64)
    #expect(try form([.number(-0.0)]) == .float64)
    #expect(try form([.text("a"), nil, .text("b")]) == .string)
    #expect(try form([.boolean(true), .boolean(false)]) == .int8)
    #expect(try form([.boolean(true), nil]) == .float64)
    #expect(try form([nil, nil]) == .float64)
    #expect(try form([]) == .float64)
  }

  @Test func valuesOfSeveralKindsComeBackFromJSON() throws {
    let mixed: [AxisValue?] = [
      .text("1"), .number(1), .number(0.1), .text("true"), .boolean(true), nil, .text(""),
      .text("\"\\\n\u{1}ü"), .boolean(false), .number(-1e300),
    ]
    #expect(try form(mixed) == .string)
    #expect(try form([.text("a"), .text("")]) == .string)
  }

  @Test func numbersAreWrittenInTheirShortestForm() {
    #expect(AxisValue.number(8).description == "8")
    #expect(AxisValue.number(0.05).description == "0.05")
    #expect(AxisValue.number(-0.0).description == "-0.0")
    #expect(AxisValue.number(1e300).description == "1e+300")
    #expect(AxisValue.text("ssm").description == "ssm")
    #expect(AxisValue.boolean(true).description == "true")
  }
}
