// Seen to fail: the states drawn from the wrong side of the table, or with their bits reversed; links that begin with
// the other coupling; the number of images wrong, images that differ in one bit, and one colour preferred; couplings of the
// other sign as the model's.
import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct BinaryDataTests {
  private static let laws: [any BinaryData] = [
    machine(#"ring"#, 1, 4), machine("ring", 0.5, 1), machine("complete", 2, 5),
    BarsAndStripes(side: 2), BarsAndStripes(side: 1),
  ]

  private static func machine(_ graph: String, _ scale: Double, _ d: Int) -> BoltzmannData {
    BoltzmannData(
      .object([
        "graph": .text(graph), "scale": .number(scale), "target_seed": .number(3),
      ]), dimension: d)
  }

  private func probabilities(_ law: any BinaryData) -> [Double] {
    let d = law.dimension
    return evaluate(law.logDensity(.literal(states(d).flatMap { $0 }, [1 << d, d]))).map(Real.exp)
  }

  @Test(arguments: laws.indices)
  func theProbabilitiesSumToOneAndDrawsFollowThem(_ index: Int) {
    let law = Self.laws[index]
    let d = law.dimension
    let exact = probabilities(law)
    #expect(abs(exact.reduce(0, +) - 1) < 1e-13)
    var generator = RandomGenerator(StreamKey(bits: 5))
    let count = 40_000
    let draws = law.sample(count, using: &generator)
    var counts = [Double](repeating: 0, count: 1 << d)
    for row in 0..<count {
      let bits = draws[row * d..<(row + 1) * d]
      #expect(bits.allSatisfy { $0 == 0 || $0 == 1 })
      counts[bits.reversed().reduce(0) { $0 * 2 + Int($1) }] += 1
    }
    for (found, p) in zip(counts, exact) {
      // Five standard errors of a count.
      let error = (Double(count) * p * (1 - p)).squareRoot()
      #expect(abs(found - Double(count) * p) <= 5 * error + 1e-9)
    }
  }

  /// The numbers of the machine of ten spins that the estimators of the literature are compared on.
  @Test func theRingOfTenHasItsNumbers() {
    let machine = Self.machine("ring", 2, 10)
    func coupling(_ i: Int, _ j: Int) -> Double { machine.couplings[i * 10 + j] }
    #expect(coupling(0, 1) == 1.6 && coupling(1, 2) == -1.2 && coupling(8, 9) == 1.6)
    #expect(coupling(0, 9) == -1.2 && coupling(0, 5) == 1 && coupling(1, 6) == -0.9)
    #expect(machine.couplings.count { $0 != 0 } == 12)
    #expect(machine.biases == [0.8, 0, 0, 0, 0, -0.7, 0, 0, 0, 0])
  }

  @Test func theModelIsTheMachineAtItsOwnNumbers() throws {
    let machine = Self.machine("ring", 1, 6)
    for graph in CouplingGraph.allCases {
      let model = BoltzmannMachine(graph: graph, units: .spins, dimension: 6)
      let values = try #require(model.values(of: machine))
      let density = try #require(
        model.logDensity(at: zip(values, model.parameters).map { .literal($0, $1.shape) }))
      let all = Tensor.literal(states(6).flatMap { $0 }, [64, 6])
      let difference = evaluate(density(all) - machine.logDensity(all))
      #expect(difference.allSatisfy { abs($0) < 1e-12 })
    }
    let full = Self.machine("complete", 1, 6)
    #expect(BoltzmannMachine(graph: .ring, units: .spins, dimension: 6).values(of: full) == nil)
    #expect(BoltzmannMachine(graph: .ring, units: .bits, dimension: 6).values(of: machine) == nil)
  }

  @Test func barsAndStripesAreTwiceAsLikelyWhereTheyAreBoth() {
    let all = probabilities(BarsAndStripes(side: 3))
    #expect(all.count { $0 > 0 } == 14)
    #expect(abs(all[0] - 2.0 / 16) < 1e-14 && abs(all[511] - 2.0 / 16) < 1e-14)
    #expect(abs(all[0b000_000_111] - 1.0 / 16) < 1e-14 && all[0b000_000_011] == 0)
  }
}
