import Foundation
import Testing

// Seen to fail: saying the words through Foundation's Data, whose code the SIMD modules share.

/// The emulator that can be an older CPU; the test is skipped where it is not installed.
private let emulator = "/usr/bin/qemu-x86_64"

@Test(.enabled(if: FileManager.default.isExecutableFile(atPath: emulator)))
func aCPUWithoutTheInstructionsIsToldSoInWords() throws {
  try Tool.with { tool in
    let run = try tool.run("schema", under: [emulator, "-cpu", "Nehalem"])
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.words.contains("this CPU lacks what the program was built for: avx avx2 fma"))
    #expect(run.words.contains("MARCH=native make build"))
  }
}
