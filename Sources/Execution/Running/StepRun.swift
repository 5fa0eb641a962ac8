import Dispatch
import Expressions
import Kernels
import Randomness
import Synchronization

/// One run of a program: the program, the memory, and the step's arguments.
///
/// Sendable although it names raw memory: what several cores reach is only read while they run, and
/// each worker and each group of tiles has memory of its own to write.
public struct StepRun<Scalar: ProgramScalar>: @unchecked Sendable {
  let program: Program
  let workers: [Worker<Scalar>]
  let sums: UnsafeMutablePointer<Scalar>
  let rows: UnsafePointer<UnsafePointer<Scalar>?>
  let keys: UnsafePointer<StreamKey>
  let indices: UnsafePointer<Int32>?
  let first: Int
  let draw: UInt64
  /// Where the nanoseconds of each instruction are added; nil where nobody asks.
  let profile: UnsafeMutablePointer<Double>?

  /// What comes before the tiles, the tiles in their groups, and what comes after.
  @inline(__always)
  func runParts() {
    run(program.tapes.before, workers[0].frame(self, sums: sums), 0)
    if workers.count == 1 || program.groups.count == 1 {
      for group in program.groups.indices { run(group, workers[0]) }
    } else {
      runOnAllCores()
    }
    addGroups()
    runAfter()
  }

  /// The groups' sums, in the order of the groups, whoever ran them: the same bits on any number of
  /// cores.
  private func addGroups() {
    let count = program.scratch.sums.total
    guard program.groups.count > 1 else { return }
    onAllCores(count) { range, _ in
      for group in program.groups.indices.dropFirst() {
        Scalar.addInto(
          sums + group * count + range.lowerBound, into: sums + range.lowerBound,
          count: range.count)
      }
    }
  }

  /// What comes after the tiles; long elementwise passes, an optimiser's update for instance, on all
  /// cores.
  private func runAfter() {
    let tape = program.tapes.after
    guard workers.count > 1, profile == nil else {
      return run(tape, workers[0].frame(self, sums: sums), program.tileRange.upperBound)
    }
    tape.withMemory { memory in
      for index in tape.operations.indices {
        if case .elementwise(let group) = memory.operations[index], group.isOneRun {
          onAllCores(group.length) { range, worker in
            Executor.run(group, columns: range, memory, worker.frame(self, sums: sums))
          }
        } else {
          Executor.execute(index, memory, workers[0].frame(self, sums: sums))
        }
      }
    }
  }

  /// Cuts a range of elements in as many parts as there are workers, at multiples of a strip; a
  /// range too short to be worth it stays whole.
  private func onAllCores(
    _ count: Int, _ body: (_ range: Range<Int>, _ worker: Worker<Scalar>) -> Void
  ) {
    guard workers.count > 1, count >= 1 << 16 else { return body(0..<count, workers[0]) }
    let strip = ElementwiseGroup.stripLength
    let share = (count / workers.count + strip - 1) / strip * strip
    withoutActuallyEscaping(body) { body in
      let box = Unchecked(body)
      DispatchQueue.concurrentPerform(iterations: workers.count) { core in
        let (lower, upper) = (min(core * share, count), min((core + 1) * share, count))
        let end = core == workers.count - 1 ? count : upper
        if lower < end { box.value(lower..<end, workers[core]) }
      }
    }
  }

  private func runOnAllCores() {
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(workers.count, program.groups.count)) { core in
      while true {
        let group = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard group < program.groups.count else { return }
        run(group, workers[core])
      }
    }
  }

  /// The tiles of a group, one after the other, their sums in memory of the group's own.
  private func run(_ group: Int, _ worker: Worker<Scalar>) {
    var frame = worker.frame(self, sums: sums + group * program.scratch.sums.total)
    for tile in program.groups[group] {
      frame.start = tile * program.tileRows
      frame.accumulates = tile > program.groups[group].lowerBound
      let isWhole = frame.start + program.tileRows <= program.rowCount
      run(
        isWhole ? program.tapes.tile : program.tapes.lastTile, frame,
        program.tileRange.lowerBound)
    }
  }

  private func run(_ tape: Tape, _ frame: Frame<Scalar>, _ firstInstruction: Int) {
    tape.withMemory { memory in
      if let profile {
        Executor.run(memory, frame, adding: profile + firstInstruction)
      } else {
        Executor.run(memory, frame)
      }
    }
  }
}

/// Carries a value over to other cores where the caller knows that this is sound: here a closure that
/// writes only the range that it is given.
private struct Unchecked<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}

extension Arena {
  /// Runs the program once on given rows of its data.
  ///
  /// The numbers are the same to the last bit on any number of cores: tiles are summed in groups that
  /// depend on the program alone, and the groups in their order.
  ///
  /// - Parameters:
  ///   - indices: which row of its data set each of the program's rows is; nil takes rows first,
  ///     first + 1, ….
  ///   - first: the first row where there are no indices.
  ///   - draw: which draw of its random streams; a training step's number.
  ///   - cores: how many cores may work on it; no more than were prepared do.
  public func run(indices: [Int32]? = nil, first: Int = 0, draw: UInt64 = 0, cores: Int = 1) {
    run(indices, first, draw, cores, profile: nil)
  }

  /// As ``run(indices:first:draw:cores:)`` on one core, adding to `profile` what each instruction
  /// takes. Reading the clock adds some 50 nanoseconds to each.
  public func run(indices: [Int32]? = nil, draw: UInt64 = 0, into profile: inout Profile) {
    profile.runs += 1
    profile.nanoseconds.withUnsafeMutableBufferPointer {
      run(indices, 0, draw, 1, profile: $0.baseAddress)
    }
  }

  func run(
    _ indices: [Int32]?, _ first: Int, _ draw: UInt64, _ cores: Int,
    profile: UnsafeMutablePointer<Double>?
  ) {
    check(indices, first)
    let workers =
      cores < self.workers.count ? Array(self.workers.prefix(max(cores, 1))) : self.workers
    func run(_ indices: UnsafePointer<Int32>?) {
      Scalar.run(
        StepRun(
          program: program, workers: workers, sums: sums,
          rows: UnsafePointer(rowPointers), keys: UnsafePointer(keys), indices: indices,
          first: first, draw: draw, profile: profile))
    }
    if let indices {
      indices.withUnsafeBufferPointer { run($0.baseAddress) }
    } else {
      run(nil)
    }
  }

  private func check(_ indices: [Int32]?, _ first: Int) {
    var smallest = Int.max
    for (input, data) in zip(program.symbols.rowInputs, rows) {
      guard let data else { fatalError("arena: rows \(input.name) have no data") }
      smallest = min(smallest, data.rowCount)
      guard let indices else {
        require(
          first >= 0 && first + program.rowCount <= data.rowCount,
          "arena: rows \(first) ..< \(first + program.rowCount) of \(input.name)'s \(data.rowCount)"
        )
        continue
      }
      require(
        indices.count == program.rowCount,
        "arena: \(indices.count) indices for \(program.rowCount) rows of \(input.name)")
    }
    guard let indices else { return }
    // One pass without a branch: unsigned, a negative index is above every count.
    var largest: UInt32 = 0
    for index in indices { largest = max(largest, UInt32(bitPattern: index)) }
    require(
      indices.isEmpty || Int(largest) < smallest, "arena: an index outside the \(smallest) rows")
  }
}
