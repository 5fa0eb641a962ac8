import Settings

/// What is said of a trial: settings layer by layer, and the row of each factor.
struct Combination: Sendable {
  /// The key of the sub-grid.
  private let grid: Spot
  /// Each is laid over the next.
  var layers: [Layer]
  /// Those of the grid, then those of the rules that hold, `repeat` last.
  var factors: [Factor]
  /// The row of each factor; 0 where it is not fixed.
  var rows: [Int]
  /// Whether each factor's row is fixed.
  var isFixed: [Bool]

  /// The combination of a whole sub-grid, nothing fixed.
  init(_ subGrid: SubGrid) {
    grid = subGrid.spot
    layers = subGrid.layers
    factors = subGrid.factors
    rows = Array(repeating: 0, count: factors.count)
    isFixed = Array(repeating: false, count: factors.count)
  }

  /// What layers and factors say together, the first row standing for what is not fixed.
  ///
  /// Axes are laid over layers; the more specific of two axes over the other.
  var said: SettingValue {
    var said = SettingValue.object([SettingValue.Member]())
    for layer in layers.reversed() {
      said = said.overlaid(with: layer.settings)
    }
    var axes: [(names: ArraySlice<String>, value: SettingValue)] = []
    for (factor, row) in zip(factors, rows) {
      axes += factor.axes.map { ($0.names, $0.values[row]) }
    }
    for (_, axis) in axes.enumerated().sorted(by: {
      ($0.element.names.count, $0.offset) < ($1.element.names.count, $1.offset)
    }) {
      said.overlay(axis.value, at: axis.names)
    }
    return said
  }

  /// This combination with rules that hold: their settings over the others but those of the command line,
  /// their factors before `repeat`.
  func adding(_ rules: [Rule]) -> Combination {
    var combination = self
    for rule in rules {
      if let layer = rule.layer {
        let place = combination.layers.prefix { $0.isChange }.count
        combination.layers.insert(layer, at: place)
      }
      let place = combination.factors.count - 1
      combination.factors.insert(contentsOf: rule.factors, at: place)
      combination.rows.insert(contentsOf: rule.factors.map { _ in 0 }, at: place)
      combination.isFixed.insert(contentsOf: rule.factors.map { _ in false }, at: place)
    }
    return combination
  }
}

extension Combination {
  /// Where the value of a setting is said: on an axis, else in a layer; nil where nothing says it.
  func origin(of path: String) -> Spot? {
    let names = path.split(separator: ".").map(String.init)
    for (axis, row) in axesByDepth(around: path) {
      let place = axis.places[row]
      let isInside = path == axis.name || path.hasPrefix(axis.name + ".")
      if let spot = place.spot(at: isInside ? names.dropFirst(axis.names.count) : []) {
        return spot
      }
    }
    return layers.lazy.compactMap { $0.place.spot(at: names[...]) }.first
  }

  /// The best place to point at for the value of a setting, said or not.
  func spot(of path: String) -> Spot {
    if let origin = origin(of: path) { return origin }
    if let (axis, row) = axesByDepth(around: path).first { return axis.places[row].spot }
    // Of a further grid its own place: the base of the whole holds for others too.
    let isTop = !grid.path.description.hasPrefix("also")
    let own = layers.first { !$0.isIncluded && $0.place.source.name != "--set" }
    return isTop ? own?.place.start ?? grid : grid
  }

  /// The axes that say something of a path, the most specific first.
  private func axesByDepth(around path: String) -> [(axis: GridAxis, row: Int)] {
    zip(factors, rows).flatMap { factor, row in factor.axes.map { (axis: $0, row: row) } }
      .filter { path.isRelated(to: $0.axis.name) }
      .sorted { $0.axis.name.utf8.count > $1.axis.name.utf8.count }
  }
}

extension String {
  /// Whether one of two dotted paths is the other or lies inside it.
  func isRelated(to other: String) -> Bool {
    self == other || hasPrefix(other + ".") || other.hasPrefix(self + ".")
  }
}
