// Seen to fail: the sign of the log odds, a square left out of rm, half the log odds in pl and the whole of them in
// mpf, and one state missing among all.
import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct BinaryLossTests {
  /// Each loss, and what it makes of one log odd.
  static var losses:
    [(name: String, loss: (EnergyFunction, Tensor) -> Tensor, term: (Double) -> Double)]
  {
    [
      ("rm", { ratioMatching($0, at: $1) }, { 1 / ((1 + Real.exp($0)) * (1 + Real.exp($0))) }),
      ("pl", { pseudoLikelihood($0, at: $1) }, { Real.log(1 + Real.exp(-$0)) }),
      ("mpf", { minimumProbabilityFlow($0, at: $1) }, { Real.exp(-$0 / 2) }),
    ]
  }

  /// By the definition of each, from a table of all energies.
  @Test(arguments: BitModel.allCases)
  func theValueIsThatOfTheTable(_ kind: BitModel) throws {
    let d = 4
    let (model, theta) = kind.make(d)
    let tensors = zip(theta, model.parameters).map { Tensor.literal($0, $1.shape) }
    let energy = try #require(model.energy(at: tensors))
    let table = try energies(model, theta, at: states(d))
    let rows = [3, 9, 9, 14, 0]
    let x = Tensor.literal(rows.flatMap { states(d)[$0] }, [rows.count, d])
    for (name, loss, term) in Self.losses {
      let exact =
        rows.reduce(0) { sum, k in
          sum + (0..<d).reduce(0) { $0 + term(table[k ^ 1 << $1] - table[k]) }
        } / Double(rows.count)
      #expect(abs(number(loss(energy, x)) - exact) < 1e-12 * (1 + exact), "\(name)")
    }
  }

  /// Over all states with their probabilities the gradient is 0 where the model is the law of the data, and not where
  /// it is another.
  @Test(arguments: [BitModel.spins, .bits, .ring, .rbm, .wide])
  func theLawOfTheDataIsStationary(_ kind: BitModel) throws {
    let d = 3
    let (model, theta) = kind.make(d)
    let table = try energies(model, theta, at: states(d)).map { Real.exp(-$0) }
    let law = table.map { $0 / table.reduce(0, +) }
    let shapes = model.parameters.map(\.shape)
    func slope(_ loss: (EnergyFunction, Tensor) -> Tensor, at theta: [[Double]]) throws -> Double {
      var total = theta.map { $0.map { _ in 0.0 } }
      for (state, weight) in zip(states(d), law) {
        let x = Tensor.literal(state, [1, d])
        let gradients = valueAndGradients(
          of: { tensors in model.energy(at: tensors).map { loss($0, x) } ?? 0 },
          at: zip(theta, shapes).map { .literal($0, $1) }
        ).gradients
        for (index, gradient) in evaluate(gradients).enumerated() {
          for (place, value) in gradient.enumerated() { total[index][place] += weight * value }
        }
      }
      return total.flatMap { $0 }.reduce(0) { max($0, abs($1)) }
    }
    let likelihood: (EnergyFunction, Tensor) -> Tensor = { energy, x in
      mean(energy(x)) + BinaryStates.logNormaliser(of: energy, units: d)
    }
    for (name, loss) in Self.losses.map({ ($0.name, $0.loss) }) + [("ml", likelihood)] {
      #expect(try slope(loss, at: theta) < 1e-13, "\(name)")
      #expect(try slope(loss, at: theta.map { $0.map { 1.2 * $0 } }) > 1e-3, "\(name)")
    }
  }

  /// Without couplings the bits are independent, and pseudo-likelihood is likelihood.
  @Test func pseudoLikelihoodOfIndependentBitsIsTheirLikelihood() throws {
    let model = BoltzmannMachine(graph: .complete, units: .spins, dimension: 5)
    var numbers = TestNumbers(seed: 4)
    let theta = [Tensor.zeros([5, 5]), .literal(numbers.normals(5), [5])]
    let x = Tensor.literal(states(5).flatMap { $0 }, [32, 5])
    let energy = try #require(model.energy(at: theta))
    let density = try #require(model.logDensity(at: theta))
    #expect(abs(number(pseudoLikelihood(energy, at: x)) + number(mean(density(x)))) < 1e-13)
  }

  /// Far from the boundary of what exp can hold, the losses that are bounded stay exact.
  @Test func hugeOddsOverflowNoBoundedLoss() {
    let energy: EnergyFunction = { 2000 * sum($0, axes: [-1]) }
    let x = Tensor.literal([1, 0], [1, 2])
    #expect(number(ratioMatching(energy, at: x)) == 1)
    #expect(number(pseudoLikelihood(energy, at: x)) == 2000)
  }
}
