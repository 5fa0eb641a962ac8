import Settings

/// One grid of an experiment: the grid at the top, or one of those under `also`.
///
/// Its combinations are the product of its factors; rules add factors and settings to those that meet
/// their conditions.
struct SubGrid: Sendable {
  /// The name that the file gives, else its place: "also[0]"; empty for the grid at the top.
  let name: String
  /// The key that the grid stands under, for what is wrong with it as a whole.
  let spot: Spot
  /// What every trial says unless an axis says otherwise: each is laid over the next.
  let layers: [Layer]
  /// The factors of the product in the order of the file, `repeat` last.
  let factors: [Factor]
  /// What holds for some of the combinations only.
  let rules: [Rule]
  /// The combinations left out of this grid alone: indices into the experiment's exclusions.
  let exclusions: Range<Int>
}

/// Axes that vary together, one factor of a product: a plain axis, or several axes of a zip.
struct Factor: Sendable {
  /// The name of the zip, nil for a plain axis.
  let zipName: String?
  /// The axes, each with one value for every row.
  let axes: [GridAxis]
  /// How often each row is written; rows are distinct.
  let multiplicities: [Int]

  /// How many distinct rows there are.
  var count: Int { multiplicities.count }
  /// How many rows are written.
  var writtenCount: Int { multiplicities.reduce(0, +) }
  /// What people call it.
  var name: String { zipName ?? axes[0].name }
}

/// An axis of a sub-grid with its values, one for each row of its factor.
struct GridAxis: Sendable {
  /// The setting's name or dotted path.
  let name: String
  let entry: Vocabulary.Entry
  /// The axis's key.
  let spot: Spot
  /// What each row sets.
  let values: [SettingValue]
  /// The canonical text of each value.
  let texts: [[UInt8]]
  /// Where each value stands; generated values share one place.
  let places: [Place]

  /// The names on the axis's path.
  var names: ArraySlice<String> { name.split(separator: ".").map(String.init)[...] }

  /// Whether another axis sets the same, or one of the two something that a value of the other says.
  func clashes(with other: GridAxis) -> Bool {
    func says(_ outer: GridAxis, _ inner: GridAxis) -> Bool {
      guard inner.name.hasPrefix(outer.name + ".") else { return false }
      let rest = String(inner.name.dropFirst(outer.name.count + 1))
      return outer.values.contains { $0[rest] != nil }
    }
    return name == other.name || says(self, other) || says(other, self)
  }
}

/// Settings that hold unless something laid over them says otherwise.
struct Layer: Sendable {
  /// The settings as written, variants as objects.
  let settings: SettingValue
  let place: Place
  /// Whether another file says them, for whom it is no mistake if some apply to nothing here.
  let isIncluded: Bool

  /// Whether the command line says them; they then lie over all others.
  var isChange: Bool { place.source.name == "--set" }
}

/// Further factors and settings for the combinations that meet conditions: an entry of `for`.
struct Rule: Sendable {
  let conditions: [Condition]
  /// The key `where`.
  let spot: Spot
  /// Settings laid over those of the grid.
  let layer: Layer?
  let factors: [Factor]
  /// Rules that see this rule's factors too.
  let rules: [Rule]
}

extension Rule {
  /// This rule's factors and those of its own rules.
  var allFactors: [Factor] { factors + rules.flatMap(\.allFactors) }
  /// This rule's settings and those of its own rules.
  var allLayers: [Layer] { (layer.map { [$0] } ?? []) + rules.flatMap(\.allLayers) }
}

extension SubGrid {
  /// All factors, those of rules after those of the grid, `repeat` last.
  var allFactors: [Factor] {
    factors.dropLast() + rules.flatMap(\.allFactors) + factors.suffix(1)
  }
}
