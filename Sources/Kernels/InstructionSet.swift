internal import CCPU

/// The instruction set that the modules with SIMD code are compiled for.
///
/// All of it may be asked on any CPU, before it is known whether a kernel can run there.
public enum InstructionSet {
  /// The CPU features that the compiler may have used, a bit for each as module CCPU numbers them;
  /// none on other architectures than x86-64, whose baseline is enough.
  @inline(never)  // elsewhere the answer would be about the flags of the module that asks
  public static var features: UInt64 { ccpu_compiled_features() }

  /// Its name: the level of x86-64, or the architecture.
  ///
  /// Two builds of one name give the same numbers, as far as they are the kernels': their vectors are
  /// equally wide, and instructions beyond the level change no result. (The C library chooses by the
  /// CPU where there is no FMA: a logarithm of a setting may then differ in its last bit.)
  public static var name: String {
    #if arch(x86_64)
      name(of: features)
    #elseif arch(arm64)
      "arm64"
    #else
      "generic"
    #endif
  }

  /// The name of an instruction set of x86-64. A CPU with the first 512-bit instructions but not all
  /// of level 4 computes with the wider vectors already.
  static func name(of features: UInt64) -> String {
    let level = ccpu_level(features)
    let plain = level == 1 ? "x86-64" : "x86-64-v\(level)"
    let isWide = features >> UInt64(CCPU_AVX512F) & 1 == 1
    return isWide && level < 4 ? plain + "+avx512f" : plain
  }
}
