import Settings

extension MixtureModel {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "mixture", "a mixture of normals: weights, means and scales, learned or known; normalised",
    [
      Setting("components", .integer(1...4096), default: .number(8), "number of normals"),
      Setting(
        "learn",
        .list(
          of: .choice([
            Choice("weights", "the weight of each normal"),
            Choice("means", "the mean of each normal"),
            Choice("scales", "the standard deviation of each normal"),
          ]), count: 1...3),
        default: .list([.text("weights"), .text("means"), .text("scales")]),
        "what is learned; the rest is known and as these settings say"),
      Setting(
        "spread", .real(.positive), default: .number(1), unit: "data units",
        "standard deviation of the law that means are drawn from at the start"),
      Setting(
        "scale", .real(.positive), default: .number(1), unit: "data units",
        "standard deviation of each normal: known, or at the start"),
      Setting(
        "means", .optional(.list(of: .list(of: .real(.any), count: 1...4096), count: 1...4096)),
        default: .null, "the means one by one: known, or at the start; in the place of components"),
      Setting(
        "start",
        .choice([
          Choice("normal", "a draw of N(0, spread^2 I), or the means that are given"),
          Choice(
            "rows",
            "training rows far from each other, drawn as k-means++ does; not the given means"),
        ]), default: .text("normal"), "where means that are learned start"),
      TwoNormals.setting,
      Setting(
        "weights", .optional(.list(of: .real(.positive), count: 1...4096)), default: .null,
        "the weight of each normal: known, or at the start; equal where absent; normalised"),
    ])

  /// The means that the settings give, row-major; nil where they give none.
  static func means(_ settings: SettingValue, dimension: Int) -> [Double]? {
    TwoNormals.means(settings, dimension: dimension)
      ?? (settings.has("means")
        ? settings.list("means").flatMap { SettingValue.object(["m": $0]).reals("m") } : nil)
  }

  /// Why given means or weights do not fit, nil where they do.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["model.type"] == .text("mixture") else { return nil }
    if let refusal = TwoNormals.refusal(trial, of: "model") { return refusal }
    let isGiven = trial.has("model.means") || trial.has("model.offset")
    if !isGiven, !trial.list("model.learn").contains(.text("means")) {
      return Refusal(
        ["model.learn", "model.means"], because: "the means are neither learned nor given",
        remedy: "Give model.means or model.offset, or learn the means.")
    }
    if trial["model.start"] == .text("rows"),
      isGiven || !trial.list("model.learn").contains(.text("means"))
    {
      return Refusal(
        [
          "model.start",
          isGiven ? (trial.has("model.means") ? "model.means" : "model.offset") : "model.learn",
        ],
        because: isGiven
          ? "means cannot start at training rows and at what is given"
          : "only means that are learned start at training rows",
        remedy: "Leave one of them out.")
    }
    let dimension = Targets.dimension(trial)
    if isGiven, dimension == nil {
      return Refusal(
        [trial.has("model.means") ? "model.means" : "model.offset", "data.type"],
        because: "how many coordinates data from a file have is not known before they are read",
        remedy: "Leave the means out: they are then learned from a random start.")
    }
    if trial.has("model.means"), let dimension {
      let fits = trial.list("model.means").allSatisfy { mean in
        if case .list(let coordinates) = mean { coordinates.count == dimension } else { false }
      }
      if !fits {
        return Refusal(
          ["model.means", "dimension"], because: "a mean has not \(dimension) coordinates",
          remedy: "Give every mean as many coordinates as dimension says.")
      }
    }
    let count =
      trial.has("model.offset")
      ? 2
      : trial.has("model.means")
        ? trial.list("model.means").count : trial.integer("model.components")
    if trial.has("model.weights"), trial.list("model.weights").count != count {
      return Refusal(
        ["model.weights", "model.components"],
        because: "\(trial.list("model.weights").count) weights stand for \(count) normals",
        remedy: "Give one weight for each normal, or leave the weights out.")
    }
    if count == 1, trial["model.learn"] == .list([.text("weights")]) {
      return Refusal(
        ["model.learn", "model.components"], because: "the weight of a single normal is 1",
        remedy: "Learn its mean or scale, or give more normals.")
    }
    return nil
  }
}

/// Two normals on either side of 0 on the first axis: the form in which data and model name them by
/// one number.
enum TwoNormals {
  /// The setting of a target or model that may be of this form.
  static let setting = Setting(
    "offset", .optional(.real(.positive)), default: .null, unit: "data units",
    "two normals, at plus and minus this on the first axis, in the place of means and components")

  /// Their means, row-major, [2, d], the positive one first; nil where no offset is set.
  static func means(_ settings: SettingValue, dimension: Int) -> [Double]? {
    guard settings.has("offset") else { return nil }
    let offset = settings.real("offset")
    let rest = [Double](repeating: 0, count: dimension - 1)
    return [offset] + rest + [-offset] + rest
  }

  /// Why an offset does not fit what stands beside it.
  ///
  /// - Parameter place: the setting that holds it, `data` or `model`.
  static func refusal(_ trial: SettingValue, of place: String) -> Refusal? {
    guard trial.has("\(place).offset"), trial.has("\(place).means") else { return nil }
    return Refusal(
      ["\(place).offset", "\(place).means"], because: "both say where the normals are",
      remedy: "Leave one of them out.")
  }
}
