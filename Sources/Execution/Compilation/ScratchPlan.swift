/// Where a program's scratch values lie: in memory of the whole step, of a tile, or of the sums over
/// tiles.
///
/// Workers on several cores share the first, have the second each, and add to the third in groups of
/// tiles, so these are planned apart.
public struct ScratchPlan: Sendable {
  /// What outlives a tile, and what is computed before or after the tiles.
  public let shared: MemoryPlan
  /// What lives within a tile.
  public let tile: MemoryPlan
  /// Sums over rows, which tiles add to.
  public let sums: MemoryPlan
  private let addresses: [Address]

  /// - Parameters:
  ///   - sizes: scalars of each value.
  ///   - lifetimes: the instructions that each value is in use for.
  ///   - accumulating: the values that tiles add to.
  ///   - tiles: the instructions that run once per tile.
  init(sizes: [Int], lifetimes: [Lifetime], accumulating: Set<Int>, tiles: Range<Int>) {
    var members: [[Int]] = [[], [], []]
    for value in sizes.indices {
      let isInTile =
        !tiles.isEmpty && lifetimes[value].first >= tiles.lowerBound
        && lifetimes[value].last < tiles.upperBound
      let region =
        accumulating.contains(value) ? Addresses.sums : isInTile ? Addresses.tile : Addresses.shared
      members[region].append(value)
    }
    let plans = members.map { values in
      MemoryPlan(sizes: values.map { sizes[$0] }, lifetimes: values.map { lifetimes[$0] })
    }
    var addresses = [Address](repeating: Address(buffer: 0, offset: 0), count: sizes.count)
    for (region, values) in members.enumerated() {
      for (value, offset) in zip(values, plans[region].offsets) {
        addresses[value] = Address(buffer: region, offset: offset)
      }
    }
    (shared, tile, sums) = (
      plans[Addresses.shared], plans[Addresses.tile], plans[Addresses.sums]
    )
    self.addresses = addresses
  }

  subscript(_ value: Int) -> Address { addresses[value] }

  /// Scalars for one worker.
  public var total: Int { shared.total + tile.total + sums.total }
}
