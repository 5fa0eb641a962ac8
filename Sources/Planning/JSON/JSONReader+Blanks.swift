import Settings

// What stands between values, and bytes that can stand nowhere.

extension JSONReader {
  /// Passes over white space and comments.
  mutating func skipBlank() {
    while let byte = current {
      switch byte {
      case UInt8(ascii: " "), 0x09, 0x0a, 0x0d:
        at += 1
      case UInt8(ascii: "/") where next == UInt8(ascii: "/"):
        skipLine()
      case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
        skipBlockComment()
      case UInt8(ascii: "#"):
        report(.syntax, at..<at + 1, "a comment with #", expected: "//")
        skipLine()
      default:
        return
      }
    }
  }

  private var next: UInt8? {
    at + 1 < bytes.count ? bytes[at + 1] : nil
  }

  private mutating func skipLine() {
    while let byte = current, byte != 0x0a { at += 1 }
  }

  private mutating func skipBlockComment() {
    report(.syntax, at..<at + 2, "a comment with /* */", expected: "// on each line")
    at += 2
    while at < bytes.count && !(bytes[at] == UInt8(ascii: "*") && next == UInt8(ascii: "/")) {
      at += 1
    }
    at = min(at + 2, bytes.count)
  }

  /// Reports a character that can begin nothing, and passes over it and its like.
  mutating func unexpectedCharacter() {
    let start = at
    let rest = String(decoding: bytes[at..<min(at + 32, bytes.count)], as: UTF8.self)
    let scalar = rest.unicodeScalars.first ?? "\u{fffd}"
    at += max(1, scalar == "\u{fffd}" ? 1 : UTF8.width(scalar))
    let name = Self.codePoint(scalar.value)
    var remedy: String?
    var message = "unexpected character \(name)"
    switch scalar.value {
    case 0x21...0x7e:
      message = "unexpected '\(scalar)'"
    case 0x201c, 0x201d, 0x201e, 0x2018, 0x2019:
      message = "a typographic quotation mark, \(name)"
      remedy = "Write \" on both sides of the text."
      isTrusted = false
      while let byte = current, byte != 0x0a, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}"),
        byte != UInt8(ascii: "]")
      {
        at += 1
      }
    case 0xa0, 0x2000...0x200f, 0x2028, 0x2029, 0x202f, 0x3000, 0xfeff:
      message = "an invisible character, \(name)"
      remedy = "Delete it, or write a plain space."
    default:
      break
    }
    report(.syntax, start..<at, message, remedy: remedy)
    isTrusted = false
  }

  /// The name of a character by its number: `U+00A0`.
  static func codePoint(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Reports every run of bytes that is not UTF-8.
  mutating func reportInvalidUTF8() {
    var runs: [Range<Int>] = []
    var offset = 0
    while offset < bytes.count {
      let length = Self.sequenceLength(bytes, at: offset)
      if length == 0 {
        if let last = runs.last, last.upperBound == offset {
          runs[runs.count - 1] = last.lowerBound..<offset + 1
        } else {
          runs.append(offset..<offset + 1)
        }
      }
      offset += max(1, length)
    }
    for run in runs.prefix(20) {
      let byte = SHA256.hex(CollectionOfOne(bytes[run.lowerBound]))
      report(
        .syntax, run, "bytes that are not UTF-8, from 0x\(byte)", remedy: "Save the file as UTF-8.")
    }
  }

  /// The length of the well-formed UTF-8 sequence at an offset, 0 where there is none.
  ///
  /// Source: the Unicode Standard, table 3-7.
  private static func sequenceLength(_ bytes: [UInt8], at offset: Int) -> Int {
    let first = bytes[offset]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xbf
    switch first {
    case 0..<0x80: return 1
    case 0xc2...0xdf: length = 2
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xe1...0xef: length = 3
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf1...0xf3: length = 4
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    default: return 0
    }
    guard offset + length <= bytes.count, second.contains(bytes[offset + 1]) else { return 0 }
    for index in offset + 2..<offset + max(2, length) where !(0x80...0xbf).contains(bytes[index]) {
      return 0
    }
    return length
  }
}
