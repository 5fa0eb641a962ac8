/// A number and its uncertainty, written with the digits that the uncertainty leaves meaningful.
///
/// The uncertainty keeps two significant digits and the number ends at the same place: 0.051234 ± 0.0034
/// reads `0.0512±0.0034`. A number without uncertainty keeps four digits. Very large and very small
/// numbers carry a common power of ten: `(1.23±0.45)e-7`.
public struct Estimate: Sendable, Equatable {
  /// The number's digits, without the power of ten.
  public let number: String
  /// The uncertainty's digits, without the power of ten; nil where none is written.
  public let uncertainty: String?
  /// The power of ten that multiplies both, 0 where they are written in full.
  public let exponent: Int
  /// The place of the last digit: what is written is a multiple of 10^place.
  public let place: Int

  /// The digits of a number, its uncertainty written only if asked.
  ///
  /// - Parameters:
  ///   - value: the number.
  ///   - uncertainty: its standard deviation or error, which fixes the digits; nil where unknown.
  ///   - isShown: whether the uncertainty is written too.
  public init(_ value: Double, uncertainty: Double?, isShown: Bool = true) {
    guard let digits = DecimalDigits(value) else {
      (number, self.uncertainty) = (value.isNaN ? "nan" : value > 0 ? "inf" : "-inf", nil)
      (exponent, place) = (0, 0)
      return
    }
    let spread = uncertainty.flatMap { DecimalDigits($0) }
    let place = Self.lastPlace(digits, spread)
    let top = max(digits.rounded(to: place).topPlace, spread?.rounded(to: place).topPlace ?? .min)
    let exponent = (-4...5).contains(top) || top == .min ? 0 : top
    number = digits.rounded(to: place).written(to: place, exponent: exponent)
    self.uncertainty =
      isShown ? spread?.rounded(to: place).written(to: place, exponent: exponent) : nil
    self.exponent = exponent
    self.place = place
  }

  /// The place of the last digit worth writing.
  private static func lastPlace(_ number: DecimalDigits, _ spread: DecimalDigits?) -> Int {
    let mostDigits = 7  // beyond which a table stops being readable
    guard let spread, !spread.isZero else {
      let place = number.isZero ? 0 : number.leadingPlace - 3
      return number.leadingPlace < 6 ? min(0, place) : place  // whole numbers stay whole
    }
    let place = spread.rounded(significant: 2).leadingPlace - 1
    return number.isZero ? place : max(place, number.leadingPlace - mostDigits + 1)
  }

  /// The text for people: `0.0512±0.0034`.
  public var text: String {
    let power = exponent == 0 ? "" : "e\(exponent)"
    guard let uncertainty else { return number + power }
    return exponent == 0
      ? "\(number)±\(uncertainty)" : "(\(number)±\(uncertainty))\(power)"
  }
}

extension DecimalDigits {
  /// The place of the first digit, the lowest of all for zero.
  fileprivate var topPlace: Int { isZero ? .min : leadingPlace }
}
