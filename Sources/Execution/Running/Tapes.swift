/// A program's tapes and how its tiles are cut into groups: all that a run needs.
///
/// One object, so that a run holds on to it once.
final class Tapes: Sendable {
  let before: Tape
  let tile: Tape
  /// The last tile, where it has fewer rows than the others.
  let lastTile: Tape
  let after: Tape
  /// Tiles in groups: each group has sums of its own, added up in order at the end, so that several
  /// cores may run one step.
  let groups: [Range<Int>]
  let rowCount: Int
  let tileRows: Int
  /// The instruction that each tape begins with.
  let firstInstructions: (before: Int, tile: Int, after: Int)
  /// Scalars of one group's sums.
  let sumsCount: Int

  init(_ compiled: Compiler.Result, rowCount: Int) {
    let addresses = Addresses(scratch: compiled.scratch, symbols: compiled.symbols)
    let range = compiled.tileRange
    func tape(_ part: ArraySlice<Instruction>, _ rows: Int) -> Tape {
      Tape(part, rows: rows, rowCount: rowCount, addresses: addresses)
    }
    let tiles = compiled.instructions[range]
    let rest = rowCount % compiled.tileRows
    before = tape(compiled.instructions[..<range.lowerBound], rowCount)
    tile = tape(tiles, compiled.tileRows)
    lastTile = rest > 0 ? tape(tiles, rest) : Tape()
    after = tape(compiled.instructions[range.upperBound...], rowCount)
    groups = Self.groups(compiled, rowCount)
    self.rowCount = rowCount
    tileRows = compiled.tileRows
    firstInstructions = (0, range.lowerBound, range.upperBound)
    sumsCount = compiled.scratch.sums.total
  }

  /// As many groups as are worth their sums, a function of the shapes alone: each at least 10⁷
  /// operations, which take several times what waking another core takes, and 2500 operations for
  /// each number that must be added up at the end, which costs some hundredths of them.
  private static func groups(_ compiled: Compiler.Result, _ rowCount: Int) -> [Range<Int>] {
    guard !compiled.tileRange.isEmpty else { return [0..<0] }
    let tiles = (rowCount + compiled.tileRows - 1) / compiled.tileRows
    let operations = compiled.instructions[compiled.tileRange].reduce(0) { total, instruction in
      guard case .product(let loop) = instruction else { return total }
      return total + loop.operations(compiled.tileRows) * rowCount / compiled.tileRows
    }
    let worth = max(10_000_000, 2_500 * compiled.scratch.sums.total)
    let count = max(min(8, tiles, operations / worth), 1)
    return (0..<count).map { (tiles * $0 / count)..<(tiles * ($0 + 1) / count) }
  }
}
