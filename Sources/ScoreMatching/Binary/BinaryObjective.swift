import Expressions
import Settings

/// A loss on points of 0 and 1 that compares energies of neighbours.
protocol BinaryObjective: Objective {
  /// The loss of an energy on points [n, d], the mean over rows.
  func value(_ energy: EnergyFunction, at x: Tensor) -> Tensor
}

extension BinaryObjective {
  static var defaultModel: String { BoltzmannMachine.declaration.name }

  var unitPower: Int { 0 }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    value(model.requiredEnergy, at: x)
  }
}
