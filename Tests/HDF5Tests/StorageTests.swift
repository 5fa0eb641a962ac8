// The shape of chunks. Seen to fail: with the bound on a chunk doubled.
import Testing

@testable import HDF5

@Suite struct StorageTests {
  @Test func chunksHoldWholeRowsUpToTheirBound() {
    #expect(Storage.chunkShape([100_000, 8], elementBytes: 8) == [4096, 8])
    #expect(Storage.chunkShape([10, 8], elementBytes: 8) == [10, 8])
    #expect(Storage.chunkShape([4, 512, 512], elementBytes: 4) == [1, 128, 512])
    #expect(Storage.chunkShape([3, 2, 1_000_000], elementBytes: 4) == [1, 1, 65536])
  }

  @Test func smallArraysAndStringsLieInOnePiece() {
    #expect(Storage.automatic.chunkShape([2047], .float64) == nil)
    #expect(Storage.automatic.chunkShape([2048], .float64) == [2048])
    #expect(Storage.automatic.chunkShape([1_000_000], .string) == nil)
    #expect(Storage.contiguous.chunkShape([1_000_000], .float64) == nil)
    #expect(Storage.automatic.chunkShape([], .float64) == nil)
    #expect(Storage.automatic.chunkShape([0, 5], .float64) == nil)
  }
}
