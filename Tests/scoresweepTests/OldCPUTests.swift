import Foundation
import Kernels
import TestSupport
import Testing

@testable import CPUCheck

// Seen to fail: saying the words through Foundation's Data, whose code the SIMD modules share; a feature
// read from the bit of another.

/// The emulator that can be an older CPU; the tests are skipped where it is not installed, and under a sanitizer,
/// which does not know its addresses.
private let emulator = "/usr/bin/qemu-x86_64"

/// A CPU of the emulator and what it has of the features that a build may need.
struct EmulatedCPU: CustomTestStringConvertible {
  let testDescription: String
  let features: String

  static let nehalem = Self(
    testDescription: "Nehalem", features: "cx16 lahf popcnt sse3 ssse3 sse4.1 sse4.2")
  static let haswell = Self(
    testDescription: "Haswell",
    features: nehalem.features + " avx avx2 fma f16c bmi1 bmi2 lzcnt movbe")

  var runner: [String] { [emulator, "-cpu", testDescription] }

  /// What the tests' own build needs and the CPU lacks.
  var missing: String {
    CPUCheck.names(of: InstructionSet.features).split(separator: " ")
      .filter { !features.split(separator: " ").contains($0) }
      .joined(separator: " ")
  }
}

#if arch(x86_64)
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: emulator) && !isSanitized),
    arguments: [EmulatedCPU.nehalem, .haswell])
  func aCPUWithoutTheInstructionsIsToldSoAndAnyOtherRunsASweep(cpu: EmulatedCPU) throws {
    try Tool.with { tool in
      try tool.write(Example.experiment(steps: 2), to: "example.json")
      let run = try tool.run("run", "example.json", "-o", "results.h5", under: cpu.runner)
      guard cpu.missing.isEmpty else {
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(!tool.exists("results.h5"))
        #expect(
          run.words.contains("lacks what the program was built for: \(cpu.missing)\n"))
        #expect(run.words.contains("MARCH=native make build"))
        return
      }
      #expect(run.status == 0, "\(run.words)")
      #expect(tool.exists("results.h5"))
    }
  }
#endif
