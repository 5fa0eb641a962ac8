import Testing

@testable import Experiments

// Seen to fail: with the heap that took the later of two workers; with lent cores counted as whole ones.
struct ListScheduleTests {
  typealias Tasks = ListSchedule.Tasks

  @Test(arguments: [
    (1, 19.0),  // one after the other
    (2, 11.0),  // 5 3 and 4 4, then the last at 8
    (3, 7.0),  // 5, 4 3 and 4 3
    (5, 5.0), (64, 5.0),
  ])
  func eachTaskGoesToTheWorkerThatIsFreeFirst(workers: Int, end: Double) {
    let tasks = [
      Tasks(seconds: 5, count: 1), Tasks(seconds: 4, count: 2), Tasks(seconds: 3, count: 2),
    ]
    #expect(ListSchedule(workers: workers).end(of: tasks) == end)
  }

  @Test func theOrderIsKeptEvenWhereItIsNotTheBest() {
    let (short, long) = (Tasks(seconds: 1, count: 4), Tasks(seconds: 6, count: 1))
    #expect(ListSchedule(workers: 2).end(of: [short, long]) == 8)
    #expect(ListSchedule(workers: 2).end(of: [long, short]) == 6)
  }

  @Test func nothingToDoEndsAtOnce() {
    #expect(ListSchedule(workers: 3).end(of: []) == 0)
    #expect(ListSchedule(workers: 3).end(of: [Tasks(seconds: 2, count: 0)]) == 0)
    #expect(ListSchedule(workers: 3).end(of: [Tasks(seconds: 0, count: 9)]) == 0)
  }

  @Test func idleCoresHelpTasksThatCanUseThem() {
    let speed = 1 + ListSchedule.partOfLentCore
    func end(_ tasks: [Tasks], workers: Int, spare: Int = 0) -> Double {
      ListSchedule(workers: workers, spareCores: spare).end(of: tasks)
    }
    let large = Tasks(seconds: 10, count: 1, cores: 2)
    #expect(end([large], workers: 1) == 10)
    #expect(abs(end([large], workers: 2) - 10 / speed) < 1e-12)
    #expect(abs(end([large], workers: 64) - 10 / speed) < 1e-12)
    #expect(abs(end([large], workers: 1, spare: 1) - 10 / speed) < 1e-12)
    // Alone for 4 seconds, then with the core of the other.
    let other = Tasks(seconds: 4, count: 1)
    #expect(abs(end([large, other], workers: 2) - (4 + 6 / speed)) < 1e-12)
    // While tasks are waiting no core is idle.
    #expect(abs(end([large, Tasks(seconds: 4, count: 2)], workers: 2) - (8 + 2 / speed)) < 1e-12)
  }

  @Test func aHeapOfManyWorkersAgreesWithASearchForTheEarliest() {
    var state: UInt64 = 1
    let tasks = (0..<500).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Tasks(seconds: Double(state >> 40), count: Int(state >> 33) % 4)
    }
    for workers in [2, 3, 7, 31, 64] {
      var free = [Double](repeating: 0, count: workers)
      for task in tasks {
        for _ in 0..<task.count {
          let first = free.indices.min { (free[$0], $0) < (free[$1], $1) } ?? 0
          free[first] += task.seconds
        }
      }
      let last = free.max() ?? 0
      #expect(abs(ListSchedule(workers: workers).end(of: tasks) - last) < 1e-12 * last)
    }
  }
}
