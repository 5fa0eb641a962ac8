/// Eight Philox blocks at once.
struct PhiloxVector {
  typealias Words = SIMD8<UInt32>
  private typealias Lanes = SIMD4<UInt64>

  let philox: Philox4x32
  let draw: UInt64

  /// The first to fourth words of blocks `8 * group` to `8 * group + 7`.
  ///
  /// Each 32-bit word lives in a 64-bit lane; what is above it is ignored by the next product,
  /// so nothing needs to be masked or repacked between rounds. Two sets of four lanes fill the
  /// registers.
  @inline(__always)
  func words(group: UInt64) -> (Words, Words, Words, Words) {
    let base = Lanes(repeating: group &* 8)
    var a = Counters(index: base &+ Lanes(0, 1, 2, 3), draw: draw)
    var b = Counters(index: base &+ Lanes(4, 5, 6, 7), draw: draw)
    var key = philox.key
    // Ten rounds without a loop: around a loop the compiler packs and unpacks the lanes.
    Self.fiveRounds(&a, &b, &key)
    Self.fiveRounds(&a, &b, &key)
    return (
      Self.pack(a.c0, b.c0), Self.pack(a.c1, b.c1), Self.pack(a.c2, b.c2), Self.pack(a.c3, b.c3)
    )
  }

  @inline(__always)
  private static func fiveRounds(
    _ a: inout Counters, _ b: inout Counters, _ key: inout SIMD2<UInt32>
  ) {
    round(&a, &b, &key)
    round(&a, &b, &key)
    round(&a, &b, &key)
    round(&a, &b, &key)
    round(&a, &b, &key)
  }

  @inline(__always)
  private static func round(
    _ a: inout Counters, _ b: inout Counters, _ key: inout SIMD2<UInt32>
  ) {
    let k0 = Lanes(repeating: UInt64(key[0]))
    let k1 = Lanes(repeating: UInt64(key[1]))
    a.round(k0, k1)
    b.round(k0, k1)
    key = Philox4x32.nextKey(key)
  }

  @inline(__always)
  private static func pack(_ low: Lanes, _ high: Lanes) -> Words {
    Words(
      lowHalf: SIMD4<UInt32>(truncatingIfNeeded: low),
      highHalf: SIMD4<UInt32>(truncatingIfNeeded: high))
  }

  /// The counters of four blocks.
  private struct Counters {
    var c0: Lanes
    var c1: Lanes
    var c2: Lanes
    var c3: Lanes

    @inline(__always)
    init(index: Lanes, draw: UInt64) {
      c0 = index
      c1 = index &>> 32
      c2 = Lanes(repeating: draw)
      c3 = Lanes(repeating: draw &>> 32)
    }

    @inline(__always)
    mutating func round(_ k0: Lanes, _ k1: Lanes) {
      let low = Lanes(repeating: 0xFFFF_FFFF)
      let p0 = (c0 & low) &* Lanes(repeating: UInt64(Philox4x32.multiplier0))
      let p1 = (c2 & low) &* Lanes(repeating: UInt64(Philox4x32.multiplier1))
      c0 = (p1 &>> 32) ^ c1 ^ k0
      c1 = p1
      c2 = (p0 &>> 32) ^ c3 ^ k1
      c3 = p0
    }
  }
}
