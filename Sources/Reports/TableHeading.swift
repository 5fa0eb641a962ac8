import Results

extension Table.Heading {
  /// The combinations of some axes' values that occur in trials, in the order of the axes.
  ///
  /// - Parameters:
  ///   - names: the axes wanted; those that the grid lacks are left out.
  ///   - axes: the axes of the grid.
  ///   - trials: the trials whose values count.
  ///   - otherwise: the label where there is no axis.
  init(
    _ names: [String], of axes: [AxisDescription], occurringIn trials: [TrialFacts],
    otherwise: String
  ) {
    let known = names.compactMap { name in axes.first { $0.name == name } }
    let ranks = known.map { axis in
      Dictionary(axis.values.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
    }
    func rank(_ value: AxisValue?, on axis: Int) -> Int {
      value.flatMap { ranks[axis][$0] } ?? .max
    }
    let occurring = Set(trials.map { $0.values(on: known.map(\.name)) })
    self.axes = known.map(\.name)
    values =
      occurring.isEmpty
      ? [known.map { _ in nil }]
      : occurring.sorted { one, other in
        let a = one.enumerated().map { rank($1, on: $0) }
        let b = other.enumerated().map { rank($1, on: $0) }
        return a.lexicographicallyPrecedes(b)
      }
    labels = known.isEmpty ? [otherwise] : values.map { Self.label($0, known.map(\.name)) }
  }

  /// The first value alone, the further ones with their axes: `dsm, sigma 0.1`.
  private static func label(_ values: [AxisValue?], _ axes: [String]) -> String {
    let first = values[0]?.description ?? "–"
    let further = zip(axes, values).dropFirst().compactMap { axis, value in
      value.map { "\(axis) \($0)" }
    }
    return ([first] + further).joined(separator: ", ")
  }

  /// The place of each combination.
  var positions: [[AxisValue?]: Int] {
    Dictionary(values.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
  }

  /// What stands over the labels: the first axis.
  var title: String { axes.first ?? "" }
}
