import Expressions
import Settings

/// An exponential family with declared statistics: the score is linear in the parameters.
///
///     -E(x; θ) = θᵀT(x),   s(x; θ) = Σₖ θₖ ∇Tₖ(x)
///
/// Its one parameter is `theta` [K], the statistics one after the other; it starts at 0. Losses that are
/// quadratic in the score are then quadratic in θ, and have their minimum in closed form:
/// ``ClosedForm``.
public struct ExponentialFamily: ScoreModel {
  /// Its name in an experiment file and the settings it has.
  public static let declaration = Variant(
    "exponential-family", "declared statistics, with a score that is linear in the parameters",
    [
      Setting(
        "statistics", .list(of: .choice(Statistic.choices), count: 1...8),
        default: .list([.text("x"), .text("x^2")]),
        "the statistics, with one parameter for each coordinate or pair of coordinates")
    ])

  /// The name of its parameter.
  public static let parameterName = "theta"

  public let dimension: Int
  /// In the order of the parameters.
  public let statistics: [Statistic]

  /// The family that its settings describe, on points of the given dimension.
  public init(_ settings: SettingValue, dimension: Int) {
    let names = settings.list("statistics").map { SettingValue.object(["s": $0]).text("s") }
    self.init(names.compactMap(Statistic.init), dimension: dimension)
  }

  /// The family of these statistics.
  public init(_ statistics: [Statistic], dimension: Int) {
    self.statistics = statistics
    self.dimension = dimension
  }

  public var parameters: [Parameter] {
    let count = statistics.reduce(0) { $0 + $1.count(dimension: dimension) }
    return [Parameter(Self.parameterName, [count], initial: .zeros)]
  }

  public var architecture: String {
    "exponential-family-\(dimension)-" + statistics.map(\.label).joined(separator: "-")
  }

  /// The names of the parameters are left out where they are many.
  public var structure: [SettingValue.Member] {
    let names = statisticNames
    return [
      SettingValue.Member("model", .text("exponential-family")),
      SettingValue.Member("statistics", .text(statistics.map(\.rawValue).joined(separator: ", "))),
      SettingValue.Member("dimension", .number(Double(dimension))),
    ]
      + (names.count > 512
        ? [] : [SettingValue.Member("theta_names", .text(names.joined(separator: ", ")))])
  }

  /// What each parameter multiplies.
  public var statisticNames: [String] {
    statistics.flatMap { $0.names(dimension: dimension) }
  }

  /// -θᵀT(x), [..., d] → [...]; θ is [K], or [n, K] for parameters of its own for each of n rows.
  public func energy(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    var start = 0
    let terms = statistics.map { statistic in
      let end = start + statistic.count(dimension: dimension)
      defer { start = end }
      return statistic(x, theta[0].slice(axis: -1, start..<end))
    }
    return -terms.dropFirst().reduce(terms[0], +)
  }

  public func energy(at theta: [Tensor]) -> EnergyFunction? { { energy($0, theta) } }

  /// The score at points, with θ as ``energy(_:_:)`` takes it.
  public func score(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    -gradient(of: { sum(energy($0, theta)) }, at: x)  // rows are independent
  }

  public func values(of target: any Target) -> [[Double]]? {
    target.naturalParameters.flatMap(parameters).map { [$0] }
  }

  /// The parameters of a density; nil where it is not in the family.
  public func parameters(of natural: NaturalParameters) -> [Double]? {
    let has = { statistics.contains($0) }
    let d = dimension
    let squares = (0..<d).map { i in natural.products[i * d - i * (i - 1) / 2] }
    let isDiagonal = natural.products.count { $0 != 0 } == squares.count { $0 != 0 }
    let isInside =
      (has(.linear) || natural.linear.allSatisfy { $0 == 0 })
      && (has(.logarithm) || natural.logarithm.allSatisfy { $0 == 0 })
      && (has(.products) || isDiagonal && (has(.square) || squares.allSatisfy { $0 == 0 }))
    guard isInside else { return nil }
    return statistics.flatMap { statistic -> [Double] in
      switch statistic {
      case .linear: natural.linear
      case .square: squares
      case .products: natural.products
      case .logarithm: natural.logarithm
      case .cube, .fourthPower, .squareRoot, .logCosh: [Double](repeating: 0, count: d)
      }
    }
  }

  /// The statistic of a trial's model that exists for positive coordinates alone, `log x` or `sqrt x`;
  /// nil where it has none.
  public static func positiveStatistic(_ trial: SettingValue) -> String? {
    guard trial["model.type"] == .text(declaration.name) else { return nil }
    let names = trial.list("model.statistics")
    return [Statistic.logarithm, .squareRoot].map(\.rawValue).first { names.contains(.text($0)) }
  }

  /// Whether a trial's model has the statistic `log x`, whose slope is infinite at 0.
  static func hasLogarithm(_ trial: SettingValue) -> Bool {
    trial["model.type"] == .text(declaration.name)
      && trial.list("model.statistics").contains(.text(Statistic.logarithm.rawValue))
  }

  /// Statistics that are said twice, or that the data have no values of; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["model.type"] == .text("exponential-family") else { return nil }
    let names = trial.list("model.statistics")
    if Set(names).count < names.count {
      return Refusal(
        ["model.statistics"],
        because: "a statistic is said twice, so its parameter is not one number",
        remedy: "Name each statistic once.")
    }
    if names.contains(.text("x^2")), names.contains(.text("xx'")) {
      return Refusal(
        ["model.statistics"],
        because: "xx' has the squares already, so theirs would be two parameters",
        remedy: "Use xx' without x^2.")
    }
    guard let positive = positiveStatistic(trial) else { return nil }
    if let support = Targets.support(trial), support.lower < 0 {
      return Refusal(
        ["model.statistics", "data"],
        because: "\(positive) does not exist for negative coordinates",
        remedy: "Use exponential, gamma or truncated-normal data, or other statistics.")
    }
    if TableData.describes(trial["data"] ?? .null), trial["data.whiten"] != .text("none") {
      return Refusal(
        ["model.statistics", "data.whiten"],
        because:
          "whitening takes the mean away, and \(positive) does not exist for what is below it",
        remedy: "Use \"whiten\": \"none\" and no noise, or other statistics.")
    }
    guard trial.has("sigma") else { return nil }
    return Refusal(
      ["model.statistics", "loss"],
      because: "noise makes coordinates negative, and \(positive) does not exist there",
      remedy: "Use generalized-ism.")
  }
}
