import Experiments
import Synchronization
import Testing

// Seen to fail: with an item skipped; with an error of `deliver` dropped.
struct ParallelRunnerTests {
  @Test(arguments: [1, 2, 5])
  func everyItemIsDoneOnceAndStartedInOrder(_ jobs: Int) throws {
    let started = Mutex<[Int]>([])
    let delivered = Mutex<[Int]>([])
    try ParallelRunner(jobs: jobs).run(
      Array(0..<200),
      work: { item -> Int? in
        started.withLock { $0.append(item) }
        return item * item
      },
      deliver: { item, result in
        #expect(result == item * item)
        delivered.withLock { $0.append(item) }
      })
    #expect(delivered.withLock { $0.sorted() } == Array(0..<200))
    if jobs == 1 { #expect(started.withLock { $0 } == Array(0..<200)) }
  }

  @Test func workRunsOnSeveralCoresAtOnce() throws {
    // Two pieces that wait for each other end only if both are under way.
    let arrived = Mutex(0)
    try ParallelRunner(jobs: 2).run(
      [0, 1],
      work: { _ -> Bool? in
        arrived.withLock { $0 += 1 }
        while arrived.withLock({ $0 }) < 2 {}
        return true
      }, deliver: { _, _ in })
  }

  @Test func aStopStartsNothingNewAndDeliversWhatIsDone() throws {
    let done = Mutex(0)
    try ParallelRunner(jobs: 1).run(
      Array(0..<100), work: { $0 }, deliver: { _, _ in done.withLock { $0 += 1 } },
      isStopped: { done.withLock { $0 } >= 10 })
    #expect(done.withLock { $0 } == 10)
  }

  @Test func whatIsGivenUpIsNotDelivered() throws {
    let delivered = Mutex<[Int]>([])
    try ParallelRunner(jobs: 2).run(
      Array(0..<10), work: { item -> Int? in item.isMultiple(of: 2) ? item : nil },
      deliver: { item, _ in delivered.withLock { $0.append(item) } })
    #expect(delivered.withLock { $0.sorted() } == [0, 2, 4, 6, 8])
  }

  private struct DiskFull: Error {}

  @Test func anErrorOfDeliveryEndsTheRun() {
    let started = Mutex(0)
    #expect(throws: DiskFull.self) {
      try ParallelRunner(jobs: 1).run(
        Array(0..<100),
        work: { item -> Int? in
          started.withLock { $0 += 1 }
          return item
        }, deliver: { item, _ in if item == 3 { throw DiskFull() } })
    }
    #expect(started.withLock { $0 } == 4)
  }
}
