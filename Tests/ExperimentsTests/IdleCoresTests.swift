import Dispatch
import Testing

@testable import Experiments

// Seen to fail: with the cores of workers that went on counted as idle still.
struct IdleCoresTests {
  @Test func noMoreIsLentThanThereIs() {
    let cores = IdleCores(3)
    #expect(cores.borrow(upTo: 2) == 2)
    #expect(cores.borrow(upTo: 2) == 1)
    #expect(cores.borrow(upTo: 2) == 0)
    cores.giveBack(2)
    #expect(cores.borrow(upTo: 0) == 0)
    #expect(cores.borrow(upTo: 9) == 2)
  }

  @Test func aWorkerThatGoesOnDoesNotWaitForItsLentCore() {
    let cores = IdleCores(1)
    #expect(cores.borrow(upTo: 1) == 1)
    cores.reclaim(1)
    #expect(cores.available == -1)
    #expect(cores.borrow(upTo: 1) == 0)
    // The debt is paid first; only then is there something to lend again.
    cores.giveBack(1)
    #expect(cores.borrow(upTo: 1) == 0)
    cores.giveBack(1)
    #expect(cores.borrow(upTo: 1) == 1)
  }

  @Test func nothingIsLostAmongThreads() {
    let cores = IdleCores(5)
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      for turn in 0..<20_000 {
        let borrowed = cores.borrow(upTo: (thread + turn) % 4)
        cores.giveBack(borrowed)
      }
    }
    #expect(cores.available == 5)
  }
}
