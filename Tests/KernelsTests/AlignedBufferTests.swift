import Testing

@testable import Kernels

// Seen to fail: 32 instead of 64 bytes of alignment, the overflow of the size not checked.

@Test func aBufferIsAlignedZeroAndAsLongAsAsked() throws {
  for count in [0, 1, 15, 16, 17, 1000] {
    let buffer = try AlignedBuffer<Double>(count: count)
    #expect(UInt(bitPattern: buffer.pointer) % 64 == 0)
    #expect(buffer.count == count)
    for i in 0..<count { #expect(buffer.pointer[i] == 0) }
  }
}

@Test func aRefusedAllocationIsAnErrorWithItsSize() {
  #expect(throws: KernelError.outOfMemory(bytes: 1 << 60)) {
    _ = try AlignedBuffer<Float>(count: 1 << 58)
  }
  #expect(throws: KernelError.outOfMemory(bytes: .max)) {
    _ = try AlignedBuffer<Double>(count: .max)
  }
}
