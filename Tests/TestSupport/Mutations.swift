import Glibc

/// Files with random damage, the same for the same seed.
public struct Mutations: Sendable {
  private var numbers: TestNumbers
  private let originals: [[UInt8]]
  /// Pieces that mean something to the reader under test.
  private let words: [[UInt8]]

  public init(of originals: [[UInt8]], words: [String] = [], seed: UInt64) {
    numbers = TestNumbers(seed: seed)
    self.originals = originals
    self.words = words.map { Array($0.utf8) }
  }

  /// How many rounds a test goes: few as a rule, `full` where SCORESWEEP_FUZZ=full asks for it.
  public static func rounds(_ few: Int, full: Int) -> Int {
    guard let value = getenv("SCORESWEEP_FUZZ") else { return few }
    return String(cString: value) == "full" ? full : few
  }

  /// Whether the full number of rounds is asked for.
  public static var isFull: Bool { rounds(0, full: 1) == 1 }

  /// One of the files, damaged in one to four places.
  public mutating func next() -> [UInt8] {
    var bytes = originals[numbers.index(below: originals.count)]
    for _ in 0...numbers.index(below: 4) {
      guard !bytes.isEmpty else { break }
      let place = numbers.index(below: bytes.count)
      let end = min(bytes.count, place + 1 + numbers.index(below: 40))
      switch numbers.index(below: 9) {
      case 0: bytes[place] ^= 1 << UInt8(numbers.index(below: 8))
      case 1: bytes[place] = UInt8(numbers.index(below: 256))
      case 2: bytes[place] = [0, 0x7F, 0x80, 0xFF][numbers.index(below: 4)]
      case 3: bytes.removeSubrange(place..<end)
      case 4: bytes.insert(contentsOf: bytes[place..<end], at: numbers.index(below: bytes.count))
      case 5 where !words.isEmpty:
        bytes.insert(contentsOf: words[numbers.index(below: words.count)], at: place)
      case 6 where !words.isEmpty:
        bytes.replaceSubrange(place..<end, with: words[numbers.index(below: words.count)])
      case 7: for index in place..<end { bytes[index] = UInt8(numbers.index(below: 256)) }
      case 8 where numbers.index(below: 4) == 0: bytes.removeSubrange(place...)
      default: bytes[place] = UInt8(ascii: "0") + UInt8(numbers.index(below: 10))
      }
    }
    return bytes
  }
}
