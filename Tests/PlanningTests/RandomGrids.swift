import Settings
import TestSupport

/// A grid as a value: what a random experiment says, apart from how it is written.
struct GridModel {
  /// An axis: a path and its values as JSON texts.
  struct Axis: Equatable {
    var path: String
    var values: [String]
  }

  /// A condition as JSON, and the same in Swift.
  struct Test {
    var path: String
    var json: String
    var holds: @Sendable (SettingValue) -> Bool
  }

  struct Rule {
    var test: Test
    var axes: [Axis]
  }

  struct Exclude {
    var tests: [Test]
  }

  var base: [(path: String, value: String)] = []
  var axes: [Axis] = []
  var zips: [[Axis]] = []
  var rules: [Rule] = []
  var excludes: [Exclude] = []
  var repeats = 1
  var also: [GridModel] = []
}

extension GridModel {
  /// How an experiment is written: in what order, with what forms of numbers, with defaults spelt out.
  struct Style {
    var random: TestNumbers
    var shuffles = false
    var restylesNumbers = false
    var spellsDefaults = false

    init(_ seed: UInt64 = 1) { random = TestNumbers(seed: seed) }

    mutating func ordered<T>(_ values: [T]) -> [T] {
      guard shuffles else { return values }
      var values = values
      for place in values.indices.dropFirst().reversed() {
        values.swapAt(place, random.index(below: place + 1))
      }
      return values
    }

    /// A number in another form, other texts as they are.
    mutating func form(_ text: String) -> String {
      guard restylesNumbers, let number = Double(text) else { return text }
      switch random.index(below: 4) {
      case 0: return text
      case 1 where !text.contains("e"): return text.contains(".") ? text + "0" : text + ".0"
      case 2 where !text.contains("e"): return text + "e0"
      default: return "\(number * 8)".contains("e") ? text : "\(number * 100)e-2"
      }
    }
  }

  /// The experiment as a file.
  func json(_ style: inout Style) -> String {
    var parts = members(&style, isTop: true)
    if !also.isEmpty {
      let grids = style.ordered(also).map { grid in
        "{" + style.ordered(grid.members(&style, isTop: false)).joined(separator: ", ") + "}"
      }
      parts.append("\"also\": [" + grids.joined(separator: ", ") + "]")
    }
    return "{"
      + style.ordered(["\"name\": \"t\"", "\"seed\": 7"] + parts).joined(separator: ",\n ")
      + "}"
  }

  private func members(_ style: inout Style, isTop: Bool) -> [String] {
    var parts: [String] = []
    var base = base
    if style.spellsDefaults && isTop {
      let said = Set((base.map(\.path) + everyPath))
      base += Self.defaults.filter { !said.contains($0.path) }
    }
    if !base.isEmpty {
      parts.append("\"base\": " + Self.nested(base.map { ($0.path, style.form($0.value)) }, &style))
    }
    var grid = style.ordered(axes).map { axis in
      "\"\(axis.path)\": ["
        + style.ordered(axis.values).map { style.form($0) }.joined(separator: ", ")
        + "]"
    }
    grid.append("\"repeat\": \(repeats)")
    parts.append("\"grid\": {" + style.ordered(grid).joined(separator: ", ") + "}")
    if !zips.isEmpty {
      let zips = zips.enumerated().map { index, axes -> String in
        let rows = style.ordered(Array(axes[0].values.indices))
        let members = style.ordered(axes).map { axis in
          "\"\(axis.path)\": [" + rows.map { style.form(axis.values[$0]) }.joined(separator: ", ")
            + "]"
        }
        return "\"z\(index)\": {" + members.joined(separator: ", ") + "}"
      }
      parts.append("\"zip\": {" + style.ordered(zips).joined(separator: ", ") + "}")
    }
    if !rules.isEmpty {
      let rules = rules.map { rule in
        let axes = rule.axes.map { "\"\($0.path)\": [" + $0.values.joined(separator: ", ") + "]" }
        return
          "{\"where\": {\"\(rule.test.path)\": \(rule.test.json)}, \"grid\": {"
          + style.ordered(axes).joined(separator: ", ") + "}}"
      }
      parts.append("\"for\": [" + style.ordered(rules).joined(separator: ", ") + "]")
    }
    if !excludes.isEmpty {
      let excludes = excludes.map { exclude in
        let tests = exclude.tests.map { "\"\($0.path)\": \($0.json)" }
        return "{\"where\": {" + style.ordered(tests).joined(separator: ", ") + "}}"
      }
      parts.append("\"exclude\": [" + style.ordered(excludes).joined(separator: ", ") + "]")
    }
    return parts
  }

  /// All paths that axes vary or sub-grids set.
  private var everyPath: [String] {
    axes.map(\.path) + zips.joined().map(\.path) + rules.flatMap { $0.axes.map(\.path) }
      + also.flatMap { $0.everyPath + $0.base.map(\.path) }
  }

  /// Defaults of the test catalogue that apply to every trial.
  private static let defaults = [
    (path: "precision", value: "\"float32\""), (path: "training.steps", value: "3000"),
    (path: "data.train", value: "10000"), (path: "data.test", value: "5000"),
  ]

  /// Dotted paths as nested objects.
  private static func nested(_ pairs: [(String, String)], _ style: inout Style) -> String {
    var groups: [(name: String, members: [(String, String)])] = []
    for (path, value) in pairs {
      let names = path.split(separator: ".", maxSplits: 1).map(String.init)
      let member = (names.count > 1 ? names[1] : "", value)
      if let index = groups.firstIndex(where: { $0.name == names[0] }) {
        groups[index].members.append(member)
      } else {
        groups.append((names[0], [member]))
      }
    }
    var texts: [String] = []
    for (name, members) in style.ordered(groups) {
      let value = members[0].0.isEmpty ? members[0].1 : nested(members, &style)
      texts.append("\"\(name)\": \(value)")
    }
    return "{" + texts.joined(separator: ", ") + "}"
  }
}

// MARK: - Random grids

extension GridModel {
  /// A random grid whose axes all apply to some trial; half of them have zips, rules, excludes or unions.
  static func random(_ random: inout TestNumbers, allowsUnion: Bool = true) -> GridModel {
    func some(_ values: [String], _ random: inout TestNumbers, atLeast: Int = 1) -> [String] {
      var left = values
      var chosen: [String] = []
      let count = atLeast + random.index(below: values.count - atLeast + 1)
      while chosen.count < count { chosen.append(left.remove(at: random.index(below: left.count))) }
      return chosen
    }
    func flips(_ random: inout TestNumbers) -> Bool { random.index(below: 2) == 0 }

    var grid = GridModel()
    let isMixture = flips(&random)
    grid.base = [("data.type", isMixture ? "\"gaussian-mixture\"" : "\"gaussian\"")]
    if flips(&random) { grid.base.append(("training.steps", "100")) }
    let losses = some(
      ["esm", "ism", "ssm", "ssm-vr", "dsm"].map { "\"\($0)\"" }, &random, atLeast: 1)
    grid.axes.append(Axis(path: "loss", values: losses))
    grid.repeats = 1 + random.index(below: 3)
    let slicesApply = losses.contains("\"ssm\"") || losses.contains("\"ssm-vr\"")
    // The default of one slice is out of range for ssm-vr.
    if losses.contains("\"ssm-vr\"") || (slicesApply && flips(&random)) {
      grid.axes.append(Axis(path: "slices", values: some(["2", "3", "4", "8"], &random)))
    }
    let sigmas = some(["0.05", "0.1", "0.25", "0.5", "1"], &random)
    let hasSigma = losses.contains("\"dsm\"") && flips(&random)
    if flips(&random) {
      grid.axes.append(Axis(path: "dimension", values: some(["2", "4", "8", "16"], &random)))
    }
    if flips(&random) {
      grid.axes.append(
        Axis(
          path: "model",
          values: some(
            ["\"score-mlp\"", "\"quadratic\"", "{\"type\": \"score-mlp\", \"hidden\": [8]}"],
            &random)))
    }
    let optimizers = some(["\"adam\"", "\"sgd\""], &random)
    if flips(&random) {
      grid.axes.append(Axis(path: "training.optimizer.type", values: optimizers))
      let rates = Axis(
        path: "training.optimizer.learning_rate", values: some(["0.001", "0.01", "0.1"], &random))
      switch random.index(below: 3) {
      case 0: grid.axes.append(rates)
      case 1:
        let wanted = optimizers[0]
        let test = Test(path: "training.optimizer.type", json: wanted) { settings in
          settings["training.optimizer.type"]?.canonicalJSON == wanted
        }
        grid.rules.append(Rule(test: test, axes: [rates]))
      default: break
      }
    }
    if hasSigma {
      if flips(&random) {
        grid.axes.append(Axis(path: "sigma", values: sigmas))
      } else {
        let rows = ["64", "128", "256", "512", "1024"].prefix(sigmas.count)
        grid.zips.append([
          Axis(path: "sigma", values: sigmas), Axis(path: "data.train", values: Array(rows)),
        ])
      }
    }
    if grid.axes.contains(where: { $0.path == "dimension" }) && flips(&random) {
      let bound = [2, 4, 8][random.index(below: 3)]
      let loss = losses[random.index(below: losses.count)]
      grid.excludes.append(
        Exclude(tests: [
          Test(path: "loss", json: loss) { $0["loss"]?.canonicalJSON == loss },
          Test(path: "dimension", json: "{\"above\": \(bound)}") {
            if case .number(let d) = $0["dimension"] { d > Double(bound) } else { false }
          },
        ]))
    }
    if allowsUnion && flips(&random) {
      var other = GridModel.random(&random, allowsUnion: false)
      other.base = [("precision", "\"float64\"")].filter { _ in random.index(below: 2) == 0 }
      grid.also.append(other)
    }
    return grid
  }
}
