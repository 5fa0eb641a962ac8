/// A finite number as decimal digits, for rounding as people do it on paper.
///
/// The digits are those of Swift's shortest text that reads back as the same Double, so 0.15 rounds up to
/// 0.2 although the Double lies a little below 0.15.
struct DecimalDigits: Equatable {
  private(set) var isNegative: Bool
  /// 0 to 9 each, the first not 0; empty for zero.
  private(set) var digits: [Int]
  /// The power of ten of the first digit; 0 for zero.
  private(set) var leadingPlace: Int

  /// Nil for NaN and infinities.
  init?(_ number: Double) {
    guard number.isFinite else { return nil }
    let text = number.magnitude.description
    let parts = text.split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = mantissa[0]
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    isNegative = number < 0
    digits = (whole + fraction).compactMap(\.wholeNumberValue)
    leadingPlace = whole.count - 1 + exponent
    normalise()
  }

  /// Whether the number is zero.
  var isZero: Bool { digits.isEmpty }

  /// The number rounded to a multiple of 10^place, halves away from zero.
  func rounded(to place: Int) -> DecimalDigits {
    var result = self
    let kept = leadingPlace - place + 1  // how many digits stay
    guard kept < digits.count else { return self }
    let isUp = kept >= 0 && digits[kept] >= 5
    result.digits = kept > 0 ? Array(digits[..<kept]) : []
    if isUp { result.increment(at: place) }
    result.normalise()
    return result
  }

  /// The number rounded to so many significant digits.
  func rounded(significant count: Int) -> DecimalDigits {
    rounded(to: leadingPlace - count + 1)
  }

  /// Adds 10^place to the magnitude; every digit down to that place is present.
  private mutating func increment(at place: Int) {
    guard let last = digits.indices.last else {
      (digits, leadingPlace) = ([1], place)
      return
    }
    var index = last
    while index >= 0 && digits[index] == 9 {
      digits[index] = 0
      index -= 1
    }
    if index >= 0 {
      digits[index] += 1
    } else {
      digits.insert(1, at: 0)
      leadingPlace += 1
    }
  }

  private mutating func normalise() {
    while digits.first == 0 {
      digits.removeFirst()
      leadingPlace -= 1
    }
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { (isNegative, leadingPlace) = (false, 0) }
  }

  /// The number over 10^exponent, written down to the digit of 10^place.
  ///
  /// With place -3, `0.120`; with exponent 5 and place 4, `1.2`. It must have been rounded to that place.
  func written(to place: Int, exponent: Int = 0) -> String {
    let decimals = max(0, exponent - place)
    let first = isZero ? 0 : max(0, leadingPlace - exponent)
    var text = isNegative ? "-" : ""
    for position in stride(from: first, through: -decimals, by: -1) {
      if position == -1 { text += "." }
      text += String(digit(at: position + exponent))
    }
    return text
  }

  private func digit(at place: Int) -> Int {
    let index = leadingPlace - place
    return digits.indices.contains(index) ? digits[index] : 0
  }
}
