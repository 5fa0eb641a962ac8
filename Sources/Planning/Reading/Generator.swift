import Glibc
import Settings

/// A rule that makes the values of an axis.
enum Generator: String, CaseIterable {
  /// `[first, last, count]`, equal steps.
  case linear
  /// `[first, last, count]`, equal ratios.
  case geometric
  /// `[base, first exponent, last exponent]`.
  case powers
  /// `[first, last, step]`, the last one included where the steps hit it.
  case range

  /// How it is written.
  var form: String {
    switch self {
    case .linear: "{\"linear\": [first, last, count]}"
    case .geometric: "{\"geometric\": [first, last, count]}"
    case .powers: "{\"powers\": [base, first exponent, last exponent]}"
    case .range: "{\"range\": [first, last, step]}"
    }
  }

  /// What its three numbers may be.
  var kinds: [SettingKind] {
    let count = SettingKind.integer(2...ExperimentReader.valueLimit)
    let exponent = SettingKind.integer(-1000...1000)
    return switch self {
    case .linear: [.real(.any), .real(.any), count]
    case .geometric: [.real(.any), .real(.any), count]
    case .powers: [.real(.positive), exponent, exponent]
    case .range: [.real(.any), .real(.any), .real(.any)]
    }
  }

  /// What is wrong with numbers that are of the right kinds, nil where nothing is.
  func problem(_ numbers: [Double]) -> String? {
    switch self {
    case .geometric where numbers[0].sign != numbers[1].sign || numbers[0] == 0 || numbers[1] == 0:
      "equal ratios cannot lead from \(Self.word(numbers[0])) to \(Self.word(numbers[1]))"
    case .range where numbers[2] == 0 || (numbers[1] - numbers[0]) / numbers[2] < 0:
      "steps of \(Self.word(numbers[2])) do not lead from \(Self.word(numbers[0])) to "
        + Self.word(numbers[1])
    case .range where !(Self.stepCount(numbers) < Double(ExperimentReader.valueLimit)):
      "more than \(ExperimentReader.valueLimit) values"
    case .powers where !values(numbers).allSatisfy { $0.isFinite && $0 > 0 }:
      "a power is too large or too small for a number"
    default: nil
    }
  }

  private static func word(_ number: Double) -> String { SettingValue.canonicalNumber(number) }

  /// The values, rounded to 12 significant digits so that identities do not hang on the last bit.
  func values(_ numbers: [Double]) -> [Double] {
    let (a, b) = (numbers[0], numbers[1])
    switch self {
    case .linear:
      let steps = Int(numbers[2]) - 1
      return (0...steps).map { step in
        let t = Double(step) / Double(steps)
        return roundedTo12Digits(a * (1 - t) + b * t)
      }
    case .geometric:
      let steps = Int(numbers[2]) - 1
      return (0...steps).map { step in
        // Exact ends; between them the law a (b/a)^t.
        switch step {
        case 0: a
        case steps: b
        default:
          // The ratio of the ends may be too large or too small for a number; its roots are not.
          if (b / a).isNormal {
            roundedTo12Digits(a * pow(b / a, Double(step) / Double(steps)))
          } else {
            roundedTo12Digits(
              a * pow(b.magnitude, Double(step) / Double(steps))
                / pow(a.magnitude, Double(step) / Double(steps)))
          }
        }
      }
    case .powers:
      let (first, last) = (Int(b), Int(numbers[2]))
      let exponents = first <= last ? Array(first...last) : (last...first).reversed()
      return exponents.map { roundedTo12Digits(pow(a, Double($0))) }
    case .range:
      return (0...Int(Self.stepCount(numbers))).map { step in
        roundedTo12Digits(a + Double(step) * numbers[2])
      }
    }
  }

  /// How many steps of a range stay inside; one that misses the end by rounding alone counts.
  private static func stepCount(_ numbers: [Double]) -> Double {
    ((numbers[1] - numbers[0]) / numbers[2] + 1e-9).rounded(.down)
  }
}

/// A number rounded to 12 significant decimal digits.
func roundedTo12Digits(_ number: Double) -> Double {
  guard number != 0, number.isFinite else { return number }
  let exponent = Int(floor(log10(number.magnitude))) - 11
  // Scaling by an exact power of ten (up to 10^22) keeps the digits right.
  let scaled =
    exponent >= 0 ? number / pow(10, Double(exponent)) : number * pow(10, Double(-exponent))
  guard scaled.isFinite else { return number }
  return Double("\(Int(scaled.rounded()))e\(exponent)") ?? number
}
