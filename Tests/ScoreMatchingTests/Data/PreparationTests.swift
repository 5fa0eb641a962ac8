// Seen to fail with the levels divided by 255, and with the logit's margin on one side alone.
import Glibc
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct PreparationTests {
  static func prepare(
    _ table: Table, _ type: String, _ members: KeyValuePairs<String, SettingValue>
  ) throws -> TableData.Prepared {
    let declared = try #require(TableData.declarations.first { $0.name == type })
    var given = SettingValue.object([
      "type": .text(type), "path": .text("x"), "dataset": .text("x"),
    ])
    for (name, value) in members { given = given.setting(name, to: value) }
    var generator = RandomGenerator(StreamKey(bits: 1))
    return try TableData(completed(declared.settings, given)).prepare(table, using: &generator)
  }

  /// Grey levels of 40 images of three points.
  static let images: Table = {
    var numbers = TestNumbers(seed: 2)
    let levels = (0..<120).map { _ in Double(numbers.index(below: 256)) }
    return Table(columns: ["0", "1", "2"], values: levels)
  }()

  @Test func imagesAreDequantisedAndNothingElse() throws {
    let data = try Self.prepare(Self.images, "idx", [:])
    let all = data.train + data.validation + data.test
    #expect(all.map { ($0 * 256).rounded(.down) }.sorted() == Self.images.values.sorted())
    #expect(all.contains { $0 * 256 != ($0 * 256).rounded() })
    #expect(data.dimension == 3)
  }

  @Test func theLogitIsTheInverseOfTheLogisticFunction() throws {
    let margin = 0.05
    let plain = try Self.prepare(Self.images, "idx", [:])
    let data = try Self.prepare(Self.images, "idx", ["logit": .number(margin)])
    let back = data.test.map { (1 / (1 + exp(-$0)) - margin) / (1 - 2 * margin) }
    #expect(relativeDifference(back, plain.test) < 1e-13)
    // dy/dx = (1 - 2α)/(p (1 - p)), as its documentation says, against a difference.
    let step = 1e-6
    let table = Table(columns: ["0"], values: [0.3 - step, 0.3, 0.3 + step])
    let y = try table.logits(margin: margin).values
    let p = margin + (1 - 2 * margin) * 0.3
    #expect(
      relativeDifference([(y[2] - y[0]) / (2 * step)], [(1 - 2 * margin) / (p * (1 - p))]) < 1e-8)
  }

  @Test func whatIsNoLevelAndWhatHasNoLogitIsSaid() {
    let half = Table(columns: ["a", "b"], values: [1, 2, 3, 4.5])
    #expect(throws: DataError.notALevel(row: 1, column: "b", 4.5)) {
      try Self.prepare(half, "idx", [:])
    }
    #expect(
      throws: DataError.outsideUnitInterval(row: 0, column: "b", 2, margin: 0.1, all: 1...4.5)
    ) {
      try Self.prepare(half, "npy", ["logit": .number(0.1)])
    }
    // Without a margin the ends have no logit.
    let ends = Table(columns: ["a"], values: [0.5, 0])
    #expect(throws: DataError.outsideUnitInterval(row: 1, column: "a", 0, margin: 0, all: 0...0.5))
    {
      try Self.prepare(ends, "npy", ["logit": .number(0)])
    }
    // What to do differs: a margin helps numbers in [0, 1] alone.
    func words(_ margin: Double, _ all: ClosedRange<Double>) -> String {
      DataError.outsideUnitInterval(row: 0, column: "a", 2, margin: margin, all: all).description
    }
    #expect(words(0.05, 0...16).contains("from 0.0 to 16.0; scale them"))
    #expect(words(0, 0...1).contains("set logit to a margin above 0"))
  }

  @Test func theSymmetricWhiteningStaysNearestToTheColumns() throws {
    var numbers = TestNumbers(seed: 5)
    let rows = (0..<300).flatMap { _ -> [Double] in
      let z = numbers.normals(2)
      return [2 * z[0] + 1, z[0] + 0.5 * z[1]]
    }
    let table = Table(columns: ["a", "b"], values: rows)
    let data = try Self.prepare(
      table, "npy", ["whiten": .text("zca"), "noise": .number(0)])
    let all = Table(columns: ["a", "b"], values: data.train + data.validation + data.test)
    for (found, expected) in zip(all.covariance, [1.0, 0, 0, 1]) {
      #expect((found - expected).magnitude < 1e-12)
    }
    let w = data.whitening.matrix
    #expect((w[1] - w[2]).magnitude < 1e-14 * w[0])
  }

  /// The map that a diagonal whitening stands for, element by element.
  @Test func aDiagonalWhiteningIsItsMatrix() throws {
    var numbers = TestNumbers(seed: 6)
    let table = Table(columns: ["a", "b", "c"], values: numbers.normals(300))
    for method in [Whitening.Method.standardize, .none] {
      let map = try Whitening(method, of: table)
      let rows = numbers.normals(6)
      var expected = [Double](repeating: 0, count: 6)
      for place in 0..<6 {
        for i in 0..<3 {
          let centred = rows[place / 3 * 3 + i] - map.mean[i]
          expected[place] += centred * map.matrix[i * 3 + place % 3]
        }
      }
      #expect(map.apply(rows) == expected)
    }
  }
}
