import Testing

@testable import Experiments

struct ListScheduleTests {
  @Test(arguments: [
    (1, 19.0),  // one after the other
    (2, 11.0),  // 5 3 and 4 4, then the last at 8
    (3, 7.0),  // 5, 4 3 and 4 3
    (5, 5.0), (64, 5.0),
  ])
  func eachTaskGoesToTheWorkerThatIsFreeFirst(workers: Int, end: Double) {
    let tasks = [(seconds: 5.0, count: 1), (4, 2), (3, 2)]
    #expect(ListSchedule.end(of: tasks, workers: workers) == end)
  }

  @Test func theOrderIsKeptEvenWhereItIsNotTheBest() {
    #expect(ListSchedule.end(of: [(1, 4), (6, 1)], workers: 2) == 8)
    #expect(ListSchedule.end(of: [(6, 1), (1, 4)], workers: 2) == 6)
  }

  @Test func nothingToDoEndsAtOnce() {
    #expect(ListSchedule.end(of: [], workers: 3) == 0)
    #expect(ListSchedule.end(of: [(2, 0)], workers: 3) == 0)
  }

  @Test func aHeapOfManyWorkersAgreesWithASearchForTheEarliest() {
    var state: UInt64 = 1
    let tasks = (0..<500).map { _ -> (seconds: Double, count: Int) in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 40), Int(state >> 33) % 4)
    }
    for workers in [2, 3, 7, 31, 64] {
      var free = [Double](repeating: 0, count: workers)
      for task in tasks {
        for _ in 0..<task.count {
          let first = free.indices.min { (free[$0], $0) < (free[$1], $1) } ?? 0
          free[first] += task.seconds
        }
      }
      #expect(ListSchedule.end(of: tasks, workers: workers) == free.max())
    }
  }
}
