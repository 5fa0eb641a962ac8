import CCPU
import Testing

@testable import Kernels

// Seen to fail: a feature of level 4 counted to level 3.

private func bit(_ feature: Int) -> UInt64 { 1 << UInt64(feature) }

private let levelTwo = (UInt64(1) << UInt64(CCPU_AVX)) - 1
private let levelThree = (UInt64(1) << UInt64(CCPU_AVX512F)) - 1

@Test func aLevelHasAllItsFeatures() {
  #expect(InstructionSet.name(of: 0) == "x86-64")
  #expect(InstructionSet.name(of: bit(CCPU_SSE3) | bit(CCPU_AVX)) == "x86-64")
  #expect(InstructionSet.name(of: levelTwo) == "x86-64-v2")
  #expect(InstructionSet.name(of: levelThree) == "x86-64-v3")
  #expect(InstructionSet.name(of: levelThree & ~bit(CCPU_MOVBE)) == "x86-64-v2")
  #expect(InstructionSet.name(of: .max) == "x86-64-v4")
  #expect(InstructionSet.name(of: .max & ~bit(CCPU_GFNI)) == "x86-64-v4")
}

@Test func widerVectorsBelowTheirLevelAreNamed() {
  #expect(InstructionSet.name(of: .max & ~bit(CCPU_AVX512DQ)) == "x86-64-v3+avx512f")
}

@Test func theNameGoesWithTheWidthOfTheVectors() {
  #if arch(x86_64)
    let isWide = InstructionSet.name == "x86-64-v4" || InstructionSet.name.hasSuffix("+avx512f")
    #expect(FloatVector.scalarCount == (isWide ? 16 : 8))
    #expect(DoubleVector.registerCount == (isWide ? 32 : 16))
  #else
    #expect(InstructionSet.features == 0)
    #expect(FloatVector.scalarCount == 8)
  #endif
}
