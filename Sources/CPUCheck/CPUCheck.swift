import CCPU

/// Whether this CPU can run code compiled for x86-64-v3, asked before any such code runs.
///
/// The target is compiled for the baseline architecture, so the question itself never uses an
/// instruction that an older CPU lacks. On other architectures nothing is missing.
public enum CPUCheck {
  /// The features of x86-64-v3 that the CPU or the operating system lacks, by their usual names.
  public static func missingFeatures() -> [String] {
    #if arch(x86_64)
      let basic = registers(leaf: 1)
      let extended = registers(leaf: 7)
      let amd = registers(leaf: 0x8000_0001)
      // AVX state counts only when the operating system saves the wide registers (XCR0 bits 1, 2).
      let savesWideRegisters = ccpu_saved_state() & 6 == 6
      let features: [(name: String, isPresent: Bool)] = [
        ("avx", savesWideRegisters && basic.has(.ecx, bit: 28)),
        ("avx2", savesWideRegisters && extended.has(.ebx, bit: 5)),
        ("fma", savesWideRegisters && basic.has(.ecx, bit: 12)),
        ("f16c", savesWideRegisters && basic.has(.ecx, bit: 29)),
        ("bmi1", extended.has(.ebx, bit: 3)),
        ("bmi2", extended.has(.ebx, bit: 8)),
        ("lzcnt", amd.has(.ecx, bit: 5)),
        ("movbe", basic.has(.ecx, bit: 22)),
      ]
      return features.filter { !$0.isPresent }.map(\.name)
    #else
      return []
    #endif
  }

  /// The CPU's name for itself, such as "AMD EPYC 9B14"; "unknown" where it does not say.
  public static var model: String {
    var bytes: [UInt8] = []
    for leaf in UInt32(0x8000_0002)...0x8000_0004 {
      guard let part = Registers(leaf: leaf) else { return "unknown" }
      for word in part.words {
        for shift in stride(from: 0, to: 32, by: 8) {
          bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift)))
        }
      }
    }
    let words = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).split(separator: " ")
    return words.isEmpty ? "unknown" : words.joined(separator: " ")
  }

  private static func registers(leaf: UInt32) -> Registers {
    Registers(leaf: leaf) ?? Registers(words: [0, 0, 0, 0])
  }
}

/// What one leaf of CPUID says.
private struct Registers {
  enum Name: Int {
    case eax, ebx, ecx, edx
  }

  var words: [UInt32]

  init(words: [UInt32]) {
    self.words = words
  }

  /// Nil when the CPU does not know the leaf.
  init?(leaf: UInt32) {
    var words: [UInt32] = [0, 0, 0, 0]
    guard ccpu_identify(leaf, 0, &words) != 0 else { return nil }
    self.words = words
  }

  func has(_ register: Name, bit: Int) -> Bool {
    words[register.rawValue] >> UInt32(bit) & 1 == 1
  }
}
