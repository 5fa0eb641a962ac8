import CCPU
import Kernels

/// Whether this CPU can run what the kernels were compiled for, asked before any of them runs.
///
/// The target is compiled for the baseline architecture, so the question itself never uses an
/// instruction that an older CPU lacks. On other architectures nothing is missing.
public enum CPUCheck {
  /// The features that the kernels were compiled for and the CPU or the operating system lacks, by
  /// their usual names with blanks between; empty when nothing is missing.
  public static var missingFeatures: String {
    names(of: InstructionSet.features & ~ccpu_present_features())
  }

  /// The names of features. No array: where a module with SIMD code specialises the same function of
  /// Array, the linker may take that copy.
  static func names(of features: UInt64) -> String {
    var names = ""
    var bit: Int32 = 0
    while let name = ccpu_feature_name(bit) {
      if features >> UInt64(bit) & 1 == 1 {
        if !names.isEmpty { names += " " }
        names += String(cString: name)
      }
      bit += 1
    }
    return names
  }

  /// The CPU's name for itself, such as "AMD EPYC 9B14"; "unknown" where it does not say.
  public static var model: String {
    var bytes: [UInt8] = []
    for leaf in UInt32(0x8000_0002)...0x8000_0004 {
      var registers: [UInt32] = [0, 0, 0, 0]
      guard ccpu_identify(leaf, 0, &registers) != 0 else { return "unknown" }
      for word in registers {
        for shift in stride(from: 0, to: 32, by: 8) {
          bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift)))
        }
      }
    }
    let words = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).split(separator: " ")
    return words.isEmpty ? "unknown" : words.joined(separator: " ")
  }
}
