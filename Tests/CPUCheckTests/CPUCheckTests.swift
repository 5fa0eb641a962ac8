import CCPU
import Foundation
import Testing

@testable import CPUCheck

// Seen to fail: a feature read from the bit of another.

private let system = "/proc/cpuinfo"

/// The system's names where they are not the usual ones without dots.
private let systemNames = [
  "lahf": "lahf_lm", "sse3": "pni", "lzcnt": "abm", "sse4.1": "sse4_1", "sse4.2": "sse4_2",
  "avx512vbmi2": "avx512_vbmi2", "avx512vnni": "avx512_vnni", "avx512bitalg": "avx512_bitalg",
  "avx512vpopcntdq": "avx512_vpopcntdq", "avx512bf16": "avx512_bf16",
  "avx512fp16": "avx512_fp16", "avxvnni": "avx_vnni", "avxifma": "avx_ifma",
]

#if arch(x86_64)
  @Test(.enabled(if: FileManager.default.isReadableFile(atPath: system)))
  func theFeaturesOfThisCPUAreThoseThatTheSystemLists() throws {
    let text = try String(contentsOfFile: system, encoding: .utf8)
    let flags = try #require(text.split(separator: "\n").first { $0.hasPrefix("flags") })
    let listed = Set(flags.split(separator: " ").map(String.init))
    var bit: UInt64 = 1
    for name in CPUCheck.names(of: .max).split(separator: " ").map(String.init) {
      let isListed = listed.contains(systemNames[name] ?? name)
      let isPresent = ccpu_present_features() & bit != 0
      // An old system does not know the latest names.
      let isRecent = bit >> UInt64(CCPU_AVX512IFMA) != 0
      #expect(isPresent == isListed || isPresent && isRecent, "\(name)")
      bit <<= 1
    }
  }
#endif

@Test func thisCPULacksNothingThatTheKernelsWereCompiledFor() {
  #expect(CPUCheck.missingFeatures.isEmpty)
}

@Test func featuresAreNamedInTheOrderOfTheirLevels() {
  let bits = UInt64(1) << UInt64(CCPU_FMA) | 1 << UInt64(CCPU_AVX) | 1 << UInt64(CCPU_AVX512DQ)
  #expect(CPUCheck.names(of: bits) == "avx fma avx512dq")
  #expect(CPUCheck.names(of: 0).isEmpty)
}
