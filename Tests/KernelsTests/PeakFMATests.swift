import Testing

@testable import Kernels

// Seen to fail: operations counted once instead of twice makes the product faster than the peak.

@Test func thePeakIsPlausibleAndNoProductExceedsIt() throws {
  let peak = peakFMA(seconds: 0.2)
  #expect(peak.float32 > 1 && peak.float64 > 0.5)
  #expect(peak.float32 / peak.float64 > 1.2 && peak.float32 / peak.float64 < 3.5)
  let n = 96
  let a = try AlignedBuffer<Float>(count: n * n)
  let c = try AlignedBuffer<Float>(count: n * n)
  let workspace = try AlignedBuffer<Float>(count: Float.gemmWorkspaceCount(n, n, n))
  let view = MatrixView(UnsafePointer(a.pointer), rowStride: n)
  let clock = ContinuousClock()
  var shortest = Double.infinity
  for _ in 0..<200 {
    let start = clock.now
    Float.gemm(
      n, n, n, alpha: 1, view, view, beta: 0, into: c.pointer, rowStride: n,
      workspace: workspace.pointer)
    shortest = min(shortest, (clock.now - start) / .seconds(1))
  }
  let rate = Double(2 * n * n * n) / shortest / 1e9
  // The clock may change between the two measurements, hence the margin.
  #expect(rate < 1.5 * peak.float32)
}
