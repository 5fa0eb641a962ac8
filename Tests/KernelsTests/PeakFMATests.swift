import Testing

@testable import Kernels

// A test of form alone, never seen to fail: how fast a machine is has no place in a test.

@Test func thePeakIsARate() {
  let peak = peakFMA(seconds: 0.02)
  #expect(peak.float32 > 0 && peak.float32.isFinite)
  #expect(peak.float64 > 0 && peak.float64.isFinite)
}
