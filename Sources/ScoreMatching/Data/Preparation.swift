import Expressions
import Randomness
import Settings

/// How the rows of a file become data, whatever the file's format.
///
/// In this order, each step where it is asked for: rounded numbers are dequantised; numbers in [0, 1]
/// go to the whole line by the logit; correlated columns are removed; the rows shuffled; cut into
/// training, validation and test rows, the test rows last; whitened; and normal noise is added to all
/// three parts.
///
/// Reference: Song, Garg, Shi & Ermon, UAI 2019, section 5.1, which follows Wenliang, Sutherland,
/// Strathmann & Gretton, ICML 2019; for images Dinh, Krueger & Bengio, ICLR 2015 workshop.
public struct Preparation: Sendable, Hashable {
  /// What dequantisation adds.
  public enum Dequantisation: String, Sendable, Hashable {
    /// Uniform noise of ± the median gap between a column's distinct values.
    case medianGap = "median-gap"
    /// Uniform noise on [0, 1), then a division by 256: grey levels become numbers in [0, 1).
    case levels
  }

  let dequantisation: Dequantisation?
  let logitMargin: Double?
  let correlationLimit: Double?
  let whitening: Whitening.Method
  let whitensByTrainingRows: Bool
  let noiseScale: Double
  let heldOutFraction: Double
  let heldOutLimit: Int

  /// The steps that the value of `data` describes.
  init(_ settings: SettingValue) {
    dequantisation =
      settings.boolean("dequantise")
      ? Dequantisation(rawValue: settings.text("dequantise_by")) : nil
    logitMargin = settings.has("logit") ? settings.real("logit") : nil
    correlationLimit = settings.has("max_correlation") ? settings.real("max_correlation") : nil
    whitening = settings.choice("whiten")
    whitensByTrainingRows = settings.text("statistics") == "train"
    noiseScale = settings.real("noise")
    heldOutFraction = settings.real("held_out_fraction")
    heldOutLimit = settings.integer("held_out_limit")
  }

  /// The rows of a table as data.
  func apply(
    to rows: Table, using generator: inout RandomGenerator
  ) throws(DataError) -> TableData.Prepared {
    var table = rows
    switch dequantisation {
    case .medianGap: table = table.dequantised(using: &generator)
    case .levels: table = try table.dequantisedLevels(using: &generator)
    case nil: break
    }
    if let logitMargin { table = try table.logits(margin: logitMargin) }
    try table.checkVariances()
    if let correlationLimit { table = try table.withoutCorrelations(above: correlationLimit) }
    let parts = try split(table.shuffled(using: &generator))
    let map = try Whitening(whitening, of: whitensByTrainingRows ? parts.train : table)
    return TableData.Prepared(
      dimension: table.columns.count, columns: table.columns, whitening: map,
      train: noisy(map.apply(parts.train.values), &generator),
      validation: noisy(map.apply(parts.validation.values), &generator),
      test: noisy(map.apply(parts.test.values), &generator))
  }

  /// The last rows are for testing, those before them for validation, the others for training.
  private func split(
    _ table: Table
  ) throws(DataError) -> (train: Table, validation: Table, test: Table) {
    let count = table.rowCount
    let test = min(heldOutLimit, share(of: count))
    let validation = min(heldOutLimit, share(of: count - test))
    let train = count - test - validation
    guard test > 0, validation > 0, train > 1 else {
      throw .tooFewRows(count, needed: Int((2 / heldOutFraction).rounded(.up)))
    }
    return (
      table.rows(0..<train), table.rows(train..<train + validation),
      table.rows(train + validation..<count)
    )
  }

  /// The held-out fraction of a count, rounded down; a fraction such as 0.29 of 100 is 29 all the
  /// same.
  private func share(of count: Int) -> Int { Int(Double(count) * heldOutFraction + 1e-9) }

  private func noisy(_ values: [Double], _ generator: inout RandomGenerator) -> [Double] {
    noiseScale == 0 ? values : values.map { $0 + noiseScale * generator.normal() }
  }
}

extension Table {
  /// Grey levels 0 to 255 as (level + u)/256 with u uniform on [0, 1).
  ///
  /// A density q of the result is one of the levels by P(level) ≥ exp E ln (256⁻ᵈ q), per row.
  func dequantisedLevels(using generator: inout RandomGenerator) throws(DataError) -> Table {
    var result = values
    for (index, value) in values.enumerated() {
      guard (0...255).contains(value), value == value.rounded() else {
        throw .notALevel(row: index / columns.count, column: columns[index % columns.count], value)
      }
      result[index] = (value + generator.uniform()) / 256
    }
    return Table(columns: columns, values: result)
  }

  /// Numbers in [0, 1] as logits of a number that stays off both ends.
  ///
  ///     y = ln(p / (1 - p)),   p = α + (1 - 2α) x,   dy/dx = (1 - 2α) / (p (1 - p))
  ///
  /// A log density of the rows is that of their logits plus Σ ln |dy/dx| over the coordinates.
  ///
  /// Reference: Dinh, Sohl-Dickstein & Bengio, ICLR 2017, section 4.1, arXiv:1605.08803.
  func logits(margin: Double) throws(DataError) -> Table {
    var result = values
    for (index, value) in values.enumerated() {
      let p = margin + (1 - 2 * margin) * value
      guard (0...1).contains(value), p > 0, p < 1 else {
        throw .outsideUnitInterval(
          row: index / columns.count, column: columns[index % columns.count], value,
          margin: margin, all: (values.min() ?? value)...(values.max() ?? value))
      }
      result[index] = Real.log(p) - Real.log(1 - p)
    }
    return Table(columns: columns, values: result)
  }
}

extension Preparation {
  /// The settings of every kind of file, with what differs between tables and images.
  static func settings(
    dequantises: Bool = false, by dequantisation: Dequantisation = .medianGap,
    whitening: Whitening.Method = .pca, noise: Double = 0.05
  ) -> [Setting] {
    [
      Setting(
        "dequantise", .boolean, default: .boolean(dequantises),
        "add uniform noise as wide as the rounding of the numbers"),
      Setting(
        "dequantise_by",
        .choice([
          Choice("median-gap", "± the median gap between a column's distinct values"),
          Choice("levels", "grey levels 0 to 255 become (level + u)/256, u uniform on [0, 1)"),
        ]), default: .text(dequantisation.rawValue), "how wide that rounding is"),
      Setting(
        "logit",
        .optional(.real(RealRange(from: 0, to: 0.5, includesUpper: false))), default: .null,
        "numbers in [0, 1] become ln(p/(1 - p)), p = a + (1 - 2a) x, with this a"),
      Setting(
        "max_correlation", .optional(.real(.unitInterval)), default: .null,
        "leave columns out until no two correlate above this"),
      Setting(
        "whiten", .choice(Whitening.choices), default: .text(whitening.rawValue),
        "how columns are brought to a common scale"),
      Setting(
        "statistics",
        .choice([
          Choice("all", "all rows, as in the published protocol"),
          Choice("train", "training rows alone, so that nothing of the test rows is seen"),
        ]), default: .text("all"), "the rows that whitening is computed from"),
      Setting(
        "noise", .real(.nonNegative), default: .number(noise), unit: "data units",
        "standard deviation of noise added to all rows after whitening"),
      Setting(
        "held_out_fraction",
        .real(RealRange(from: 0, to: 0.5, includesLower: false)), default: .number(0.1),
        "fraction of the rows for testing, and of the others for validation"),
      Setting(
        "held_out_limit", .integer(1...100_000_000), default: .number(1000), unit: "rows",
        "rows for testing, and for validation, at most"),
    ]
  }
}
