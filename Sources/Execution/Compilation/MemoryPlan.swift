import Expressions

/// When a piece of scratch memory is in use, in instruction numbers, both ends included.
public struct Lifetime: Sendable, Hashable {
  /// The first instruction that touches it.
  public var first: Int
  /// The last instruction that touches it.
  public var last: Int

  /// In use from instruction `first` to instruction `last`.
  public init(first: Int, last: Int) {
    self.first = first
    self.last = last
  }

  /// True where both are in use at some instruction.
  public func overlaps(_ other: Lifetime) -> Bool { first <= other.last && other.first <= last }
}

/// Offsets in one arena for values of known sizes and lifetimes: no two that live at once overlap.
///
/// Largest first, each at the lowest offset free during its whole life. Offsets are multiples of 16
/// scalars, a cache line in Float and two in Double.
public struct MemoryPlan: Sendable {
  /// Where each value begins, in scalars.
  public let offsets: [Int]
  /// The scalars that each value takes, rounded up to the alignment.
  public let sizes: [Int]
  /// When each value is in use.
  public let lifetimes: [Lifetime]
  /// Scalars in all.
  public let total: Int

  static let alignment = 16

  /// A number of scalars rounded up to the alignment.
  static func rounded(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

  /// Places values; stops the process where there are not as many sizes as lifetimes.
  ///
  /// - Complexity: O(n² log n) in the number of values.
  public init(sizes: [Int], lifetimes: [Lifetime]) {
    require(
      sizes.count == lifetimes.count,
      "memory plan: \(sizes.count) sizes, \(lifetimes.count) lifetimes")
    let rounded = sizes.map(Self.rounded)
    var offsets = [Int](repeating: 0, count: sizes.count)
    var placed: [Int] = []
    var total = 0
    let order = sizes.indices.sorted { (rounded[$0], $1) > (rounded[$1], $0) }
    for value in order {
      let rivals = placed.filter { lifetimes[$0].overlaps(lifetimes[value]) }
        .sorted { (offsets[$0], $0) < (offsets[$1], $1) }
      var offset = 0
      for rival in rivals where offset + rounded[value] > offsets[rival] {
        offset = max(offset, offsets[rival] + rounded[rival])
      }
      offsets[value] = offset
      placed.append(value)
      total = max(total, offset + rounded[value])
    }
    self.offsets = offsets
    self.sizes = rounded
    self.lifetimes = lifetimes
    self.total = total
  }
}
