/// The SHA-256 hash function: identities, stream keys and file digests are made of it.
///
/// Bytes may arrive in any number of pieces; the digest depends on their concatenation only:
///
///     var hash = SHA256()
///     hash.update("ab".utf8)
///     hash.update("c".utf8)
///     hash.finalize()  // ba7816bf 8f01cfea …, 32 bytes
///
/// - Complexity: linear in the bytes, about 4 ns a byte and no allocation but for the digest.
///
/// Source: FIPS 180-4, sections 4.1.2, 5 and 6.2.
public struct SHA256: Sendable {
  private var state: SIMD8<UInt32>
  /// The words of the block being filled, big-endian.
  private var block: InlineArray<16, UInt32>
  private var byteCount: UInt64 = 0

  /// A hash that has seen no byte yet.
  public init() {
    state = SIMD8(
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
      0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)
    block = InlineArray(repeating: 0)
  }

  /// Appends bytes to what is hashed.
  ///
  /// - Parameter bytes: any sequence; contiguous ones (arrays, native strings' UTF-8, Data) are
  ///   read in place, others are copied once.
  public mutating func update(_ bytes: some Sequence<UInt8>) {
    let done: Void? = bytes.withContiguousStorageIfAvailable { absorb($0.span) }
    if done == nil {
      absorb(Array(bytes).span)
    }
  }

  /// Appends the UTF-8 bytes of a text to what is hashed.
  public mutating func update(_ text: String) {
    absorb(text.utf8.span)
  }

  /// The digest of everything appended, 32 bytes; the hash begins anew afterwards.
  public mutating func finalize() -> [UInt8] {
    let words = finalizeWords()
    var digest: [UInt8] = []
    digest.reserveCapacity(32)
    for index in 0..<8 {
      let word = words[index]
      digest.append(UInt8(truncatingIfNeeded: word >> 24))
      digest.append(UInt8(truncatingIfNeeded: word >> 16))
      digest.append(UInt8(truncatingIfNeeded: word >> 8))
      digest.append(UInt8(truncatingIfNeeded: word))
    }
    return digest
  }

  /// The digest as eight 32-bit words, first word first; the hash begins anew afterwards.
  public mutating func finalizeWords() -> SIMD8<UInt32> {
    let bitCount = byteCount &* 8
    append(0x80)
    while byteCount & 63 != 56 {
      append(0)
    }
    block[14] = UInt32(truncatingIfNeeded: bitCount >> 32)
    block[15] = UInt32(truncatingIfNeeded: bitCount)
    compress()
    let words = state
    self = SHA256()
    return words
  }

  /// The digest of a sequence of bytes, 32 bytes.
  public static func digest(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalize()
  }

  /// The digest of a text's UTF-8 bytes as 64 lowercase hexadecimal digits.
  public static func hex(of text: String) -> String {
    var hash = SHA256()
    hash.update(text)
    return hex(hash.finalize())
  }

  /// Bytes written as lowercase hexadecimal digits, two for each.
  public static func hex(_ bytes: some Sequence<UInt8>) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(bytes.underestimatedCount * 2)
    for byte in bytes {
      digits.append(hexDigit(byte >> 4))
      digits.append(hexDigit(byte & 15))
    }
    return String(decoding: digits, as: UTF8.self)
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
  }
}

extension SHA256 {
  private mutating func append(_ byte: UInt8) {
    let word = Int((byteCount >> 2) & 15)
    block[word] = block[word] << 8 | UInt32(byte)
    byteCount &+= 1
    if byteCount & 63 == 0 {
      compress()
    }
  }

  private mutating func absorb(_ bytes: Span<UInt8>) {
    var index = 0
    let count = bytes.count
    while index < count && byteCount & 63 != 0 {
      append(bytes[index])
      index += 1
    }
    while count - index >= 64 {
      for word in 0..<16 {
        let first = index + 4 * word
        block[word] =
          UInt32(bytes[first]) << 24 | UInt32(bytes[first + 1]) << 16
          | UInt32(bytes[first + 2]) << 8 | UInt32(bytes[first + 3])
      }
      compress()
      index += 64
      byteCount &+= 64
    }
    while index < count {
      append(bytes[index])
      index += 1
    }
  }

  /// Mixes the full block into the state: the 64 rounds of section 6.2.2.
  private mutating func compress() {
    var w = block
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for start in stride(from: 0, to: 64, by: 16) {
      if start > 0 {
        for slot in 0..<16 {
          w[slot] &+=
            smallSigma0(w[(slot &+ 1) & 15]) &+ w[(slot &+ 9) & 15]
            &+ smallSigma1(w[(slot &+ 14) & 15])
        }
      }
      for slot in stride(from: 0, to: 16, by: 8) {
        // Eight rounds with the variables renamed, so that none has to move.
        let k = start &+ slot
        mix(a, b, c, &d, e, f, g, &h, Self.constants[k] &+ w[slot])
        mix(h, a, b, &c, d, e, f, &g, Self.constants[k &+ 1] &+ w[slot &+ 1])
        mix(g, h, a, &b, c, d, e, &f, Self.constants[k &+ 2] &+ w[slot &+ 2])
        mix(f, g, h, &a, b, c, d, &e, Self.constants[k &+ 3] &+ w[slot &+ 3])
        mix(e, f, g, &h, a, b, c, &d, Self.constants[k &+ 4] &+ w[slot &+ 4])
        mix(d, e, f, &g, h, a, b, &c, Self.constants[k &+ 5] &+ w[slot &+ 5])
        mix(c, d, e, &f, g, h, a, &b, Self.constants[k &+ 6] &+ w[slot &+ 6])
        mix(b, c, d, &e, f, g, h, &a, Self.constants[k &+ 7] &+ w[slot &+ 7])
      }
    }
    state = state &+ SIMD8(a, b, c, d, e, f, g, h)
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: InlineArray<64, UInt32> = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]
}

/// One round: what section 6.2.2 calls T1 and T2, added where the renamed variables take them.
private func mix(
  _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32,
  _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ word: UInt32
) {
  let t1 = h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ (g ^ (e & (f ^ g))) &+ word
  d &+= t1
  h = t1 &+ (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ ((a & b) | (c & (a | b)))
}

private func smallSigma0(_ x: UInt32) -> UInt32 { rotate(x, 7) ^ rotate(x, 18) ^ (x &>> 3) }

private func smallSigma1(_ x: UInt32) -> UInt32 { rotate(x, 17) ^ rotate(x, 19) ^ (x &>> 10) }

private func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
  word &>> count | word &<< (32 &- count)
}
