import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

// Seen to fail with rows drawn evenly, with the distance to the last mean alone, with equal rows not noticed; with
// the normals' own order, weights or scales left out of the error; and with no scale ever called degenerate.
@Suite struct MixtureModelNumbersTests {
  private func model(_ d: Int, _ given: SettingValue) -> MixtureModel {
    MixtureModel(completed(MixtureModel.declaration.settings, given), dimension: d)
  }

  /// The parameters of a mixture with these numbers, the normals in this order.
  private func values(
    weights: [Double], means: [Double], scales: [Double], order: [Int]
  ) -> [[Double]] {
    let d = means.count / weights.count
    let w = order.map { weights[$0] }
    return [
      w.dropLast().map { Real.log($0 / w[w.count - 1]) },
      order.flatMap { means[$0 * d..<($0 + 1) * d] }, order.map { Real.log(scales[$0]) },
    ]
  }

  @Test("The error of the parameters is that of their nearest order")
  func permutations() throws {
    let (weights, means) = ([0.5, 0.2, 0.3], [0.0, 0, 3, 1, -2, 4])
    let target = GaussianMixture(means: means, weights: weights, scale: 0.7, dimension: 2)
    let error = try #require(
      model(2, .object(["components": .number(3)])).squaredError(to: target))
    for order in [[0, 1, 2], [2, 0, 1], [1, 0, 2]] {
      let exact = values(
        weights: weights, means: means, scales: [0.7, 0.7, 0.7], order: order)
      #expect(error(exact) < 1e-28)
      // 0.1 off in one coordinate, 0.2 in one scale, and a weight moved from one normal to another.
      let moved = values(
        weights: [0.55, 0.15, 0.3], means: [0.1, 0, 3, 1, -2, 4], scales: [0.7, 0.9, 0.7],
        order: order)
      #expect(abs(error(moved) - (0.01 + 0.04 + 0.005)) < 1e-12, "\(error(moved))")
    }
    #expect(model(2, .object(["components": .number(2)])).squaredError(to: target) == nil)
    let uniform = Gaussian(mean: [0, 0], covariance: .uniform(variance: 1, shared: 0))
    #expect(model(2, .object(["components": .number(3)])).squaredError(to: uniform) == nil)
  }

  @Test("Known parts that are wrong count in the error")
  func knownParts() throws {
    let target = GaussianMixture(means: [1, -1], weights: [1, 1], scale: 1, dimension: 1)
    let known = model(
      1,
      .object([
        "offset": .number(1.5), "learn": .list([.text("weights")]), "scale": .number(1),
      ]))
    let error = try #require(known.squaredError(to: target))
    #expect(abs(error([[0]]) - 0.5) < 1e-14)
  }

  /// Rows around four far corners, a few around each, many around one.
  private var corners: [Double] {
    var numbers = TestNumbers(seed: 3)
    return (0..<400).flatMap { row -> [Double] in
      let corner = row < 370 ? 0 : row % 4
      let noise = numbers.normals(2)
      return [Double(corner % 2) * 1000 + noise[0], Double(corner / 2) * 1000 + noise[1]]
    }
  }

  @Test("Starts at rows are rows, far from each other, and others at the next call")
  func startsAtRows() throws {
    let rows = corners
    let model = model(2, .object(["components": .number(4), "start": .text("rows")]))
    var generator = RandomGenerator(StreamKey(bits: 5))
    var seen: Set<[Double]> = []
    for _ in 0..<20 {
      let values = try model.start(from: rows, using: &generator)
      let means = values[1]
      let all = stride(from: 0, to: rows.count, by: 2).map { Array(rows[$0..<$0 + 2]) }
      for k in 0..<4 { #expect(all.contains(Array(means[2 * k..<2 * k + 2]))) }
      // An even draw has all four corners once in forty; squared distances make it nearly sure.
      let found = Set((0..<4).map { k in (0..<2).map { (means[2 * k + $0] / 1000).rounded() } })
      #expect(found.count == 4, "\(means)")
      seen.insert(means)
      #expect(values[0] == [0, 0, 0] && values[2] == [0, 0, 0, 0])
    }
    #expect(seen.count == 20)
  }

  @Test("Without start its numbers are those of the initial laws; too few rows are an error")
  func otherStarts() throws {
    let drawn = model(2, .object(["components": .number(4)]))
    var (one, two) = (
      RandomGenerator(StreamKey(bits: 5)), RandomGenerator(StreamKey(bits: 5))
    )
    #expect(
      try drawn.start(from: corners, using: &one) == drawn.initialValues(using: &two))
    let rows = model(1, .object(["components": .number(3), "start": .text("rows")]))
    #expect(throws: DataError.tooFewDistinctRows(2, needed: 3)) {
      try rows.start(from: [1, 1, 2, 2, 1], using: &one)
    }
  }

  @Test("A scale that goes to 0 is told with its component")
  func collapse() {
    let model = model(1, .object(["components": .number(3)]))
    let sound = [[0.0, 0], [1, 2, 3], [0, -2, 1]]
    #expect(model.collapse(at: sound) == nil)
    let narrow = [[0.0, 0], [1, 2, 3], [0, -20, 1]]
    #expect(model.collapse(at: narrow)?.contains("component 1 went to 2.06") == true)
    let known = self.model(
      1, .object(["components": .number(3), "learn": .list([.text("means")])]))
    #expect(known.collapse(at: [[1, 2, 3]]) == nil)
  }
}
