import ScoreMatching

/// Numbers that follow from a trial's last parameters, made when a program first asks for them.
final class DerivedNumbers {
  let names: [String]
  private let make: () -> [[Double]]
  private(set) lazy var numbers: [(name: String, values: [Double])] = zip(names, make()).map {
    ($0, $1)
  }

  /// Those of a model at its parameters' values.
  init(of model: any ScoreModel, at values: [[Double]]) {
    names = model.derivedNames
    make = { model.derived(from: values) }
  }
}
