// Seen to fail: the sign of the difference, and bits that are set where they should be flipped.
import Execution
import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct FlipsTests {
  /// Against energies that are taken state by state.
  @Test(arguments: BitModel.allCases, [1, 2, 3, 6])
  func theLogOddsAreDifferencesOfEnergies(_ kind: BitModel, _ d: Int) throws {
    let (model, theta) = kind.make(d)
    let tensors = zip(theta, model.parameters).map { Tensor.literal($0, $1.shape) }
    let energy = try #require(model.energy(at: tensors))
    let points = states(d)
    let table = try energies(model, theta, at: points)
    let found = evaluate(
      flipLogOdds(of: energy, at: .literal(points.flatMap { $0 }, [points.count, d])))
    for i in 0..<d {
      for k in points.indices {
        let exact = table[k ^ 1 << i] - table[k]
        #expect(abs(found[i * points.count + k] - exact) < 1e-12 * (1 + abs(exact)))
      }
    }
  }

  /// No product with a weight is taken d times where the flips are seen as rows of it.
  @Test func theFirstLayerIsNotTakenForEachFlip() throws {
    func work(_ kind: BitModel, _ d: Int) throws -> Double {
      let (model, _) = kind.make(d)
      let energy = try #require(model.energy(at: model.states))
      let x = Tensor.rows("x", [64, d])
      return Program(
        outputs: [(name: "y", value: sum(flipLogOdds(of: energy, at: x)))], assignments: [],
        rowCount: 64
      ).work
    }
    // d h for the layer and d h for its rows: twice the units, less than five times the work. Taken for each
    // flip it would be d² h, eight times.
    for kind in [BitModel.wide, .spins] {
      let growth = try work(kind, 256) / work(kind, 128)
      #expect(growth < 5, "\(kind) \(growth)")
    }
  }
}
