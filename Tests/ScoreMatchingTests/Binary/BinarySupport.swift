import Expressions
import Settings
import TestSupport

@testable import ScoreMatching

/// Models of bits with parameters that are not 0 anywhere that they are used.
enum BitModel: String, CaseIterable {
  case spins, bits, ring, rbm, wide, network

  func make(_ d: Int) -> (model: any ScoreModel, theta: [[Double]]) {
    let model: any ScoreModel =
      switch self {
      case .spins: BoltzmannMachine(graph: .complete, units: .spins, dimension: d)
      case .bits: BoltzmannMachine(graph: .complete, units: .bits, dimension: d)
      case .ring: BoltzmannMachine(graph: .ring, units: .spins, dimension: d)
      case .rbm: RestrictedBoltzmannMachine(hidden: 2, initialScale: 1, dimension: d)
      case .wide: RestrictedBoltzmannMachine(hidden: 7, initialScale: 1, dimension: d)
      case .network: randomModel("energy-mlp", dimension: d).model
      }
    var numbers = TestNumbers(seed: 11)
    return (model, model.parameters.map { numbers.normals($0.shape.reduce(1, *)).map { 0.7 * $0 } })
  }
}

/// All states of d bits, in the order of ``BinaryStates/all(_:)``.
func states(_ d: Int) -> [[Double]] {
  (0..<1 << d).map { k in (0..<d).map { Double(k >> $0 & 1) } }
}

/// An energy at each of some points, by itself.
func energies(_ model: any ScoreModel, _ theta: [[Double]], at points: [[Double]]) throws
  -> [Double]
{
  let tensors = zip(theta, model.parameters).map { Tensor.literal($0, $1.shape) }
  guard let energy = model.energy(at: tensors) else { return [] }
  return points.map { number(energy(.literal($0, [$0.count]))) }
}
