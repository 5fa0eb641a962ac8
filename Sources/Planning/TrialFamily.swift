import Settings

/// Trials that differ in plain values only: one resolution of the settings, with gaps that axes fill.
///
/// A trial keeps nothing but its identity and its number in the family, so that a million of them take
/// a few dozen megabytes; settings are put together when they are asked for.
final class TrialFamily: Sendable {
  /// The settings of the first trial.
  let settings: SettingValue
  /// The settings that factors fill, in the order of the factors.
  let slots: [Slot]
  /// The rows that each plain factor runs through; the last factor, `repeat`, fastest.
  let rows: [[Int]]
  /// The canonical text with gaps.
  let template: CanonicalTemplate
  /// The paths of all settings that apply.
  let applies: Set<String>  // membership only, never iterated
  /// The experiment's seed.
  let seed: Int
  /// The sub-grid, counted from 0.
  let subGrid: Int
  private let fixed: Combination
  /// The places of the plain factors among all.
  private let plain: [Int]

  /// A setting that a factor fills.
  struct Slot: Sendable {
    /// The factor, an index into `rows`.
    let factor: Int
    let axis: GridAxis
    /// The names on the setting's path.
    let path: ArraySlice<String>

    init(factor: Int, axis: GridAxis) {
      self.factor = factor
      self.axis = axis
      path = axis.names
    }
  }

  init(
    settings: SettingValue, slots: [Slot], rows: [[Int]], template: CanonicalTemplate,
    combination: Combination, plain: [Int], seed: Int, applies: Set<String>, subGrid: Int
  ) {
    self.settings = settings
    self.slots = slots
    self.rows = rows
    self.template = template
    self.applies = applies
    self.seed = seed
    self.subGrid = subGrid
    self.plain = plain
    fixed = combination
  }
}

extension TrialFamily {
  /// What is said of all trials, with row 0 of the plain factors.
  var combination: Combination { fixed }

  /// What is said of the trial with these rows of the plain factors.
  func combination(_ digits: [Int]) -> Combination {
    var combination = fixed
    combination.rows = allRows(digits)
    return combination
  }

  /// The rows of all factors from those of the plain ones.
  func allRows(_ digits: [Int]) -> [Int] {
    var rows = fixed.rows
    for (place, digit) in zip(plain, digits) { rows[place] = digit }
    return rows
  }

  /// The rows of the plain factors for the trial with a number.
  func digits(_ number: Int) -> [Int] {
    var rest = number
    var digits = [Int](repeating: 0, count: rows.count)
    for factor in rows.indices.reversed() {
      digits[factor] = rows[factor][rest % rows[factor].count]
      rest /= rows[factor].count
    }
    return digits
  }

  /// The number of the first trial that has the same rows of the factors that set something that matters.
  func first(alike number: Int, where matters: (_ path: String) -> Bool) -> Int {
    first(alike: number, in: factors(where: matters))
  }

  /// For each factor whether it sets something that matters.
  func factors(where matters: (_ path: String) -> Bool) -> [Bool] {
    rows.indices.map { factor in
      slots.contains { $0.factor == factor && matters($0.axis.name) }
    }
  }

  /// The number of the first trial that has the same rows of some factors.
  func first(alike number: Int, in mattering: [Bool]) -> Int {
    var (rest, stride, first) = (number, 1, 0)
    for factor in rows.indices.reversed() {
      let count = rows[factor].count
      if mattering[factor] {
        first += rest % count * stride
      }
      rest /= count
      stride *= count
    }
    return first
  }

  /// All settings of the trial with a number.
  func settings(_ number: Int) -> SettingValue {
    let digits = digits(number)
    var settings = settings
    for slot in slots {
      settings.set(slot.path, to: slot.axis.values[digits[slot.factor]])
    }
    return settings
  }

  /// The canonical text of the trial with a number.
  func canonical(_ number: Int) -> String {
    var text: [UInt8] = []
    template.append(to: &text, digits: digits(number))
    return String(decoding: text, as: UTF8.self)
  }
}
