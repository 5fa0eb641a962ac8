import Settings

/// Which pairs of units a fully visible Boltzmann machine couples.
public enum CouplingGraph: String, Sendable, Hashable, CaseIterable {
  /// Every pair.
  case complete
  /// A ring, and the chords from units 0 and 1 to those half-way round.
  case ring

  static let choices = [
    Choice("complete", "every pair of units"),
    Choice("ring", "neighbours on a ring, and chords from units 0 and 1 to those half-way round"),
  ]

  /// The coupled pairs i < j of so many units, each once.
  public func pairs(_ count: Int) -> [(i: Int, j: Int)] {
    switch self {
    case .complete:
      return (0..<count).flatMap { i in (i + 1..<max(count, i + 1)).map { (i, $0) } }
    case .ring:
      guard count > 1 else { return [] }
      let half = count / 2
      let all = (0..<count).map { ($0, ($0 + 1) % count) } + [(0, half), (1, (half + 1) % count)]
      var seen: Set<[Int]> = []  // membership only
      return all.compactMap { a, b in
        let (i, j) = (min(a, b), max(a, b))
        return i < j && seen.insert([i, j]).inserted ? (i, j) : nil
      }
    }
  }

  /// 1 where i < j are coupled and 0 elsewhere, [count, count], row-major.
  func mask(_ count: Int) -> [Double] {
    var mask = [Double](repeating: 0, count: count * count)
    for (i, j) in pairs(count) { mask[i * count + j] = 1 }
    return mask
  }
}

/// How the state of a unit enters an energy.
public enum UnitValues: String, Sendable, Hashable, CaseIterable {
  /// -1 and 1, as of spins.
  case spins
  /// 0 and 1, as the data have them.
  case bits

  static let setting = Setting(
    "units", .choice(choices), default: .text("spins"), "the values of a unit in the energy")

  static let choices = [
    Choice("spins", "-1 for 0, and 1"), Choice("bits", "0 and 1, as the data are"),
  ]
}
