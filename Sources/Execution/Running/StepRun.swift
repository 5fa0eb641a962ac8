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
  let tapes: Tapes
  let workers: [Worker<Scalar>]
  /// How many of them may work.
  let workerCount: Int
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
    run(tapes.before, workers[0].frame(self, sums: sums), 0)
    if workerCount == 1 || tapes.groups.count == 1 {
      for group in tapes.groups.indices { run(group, workers[0]) }
    } else {
      runOnAllCores()
    }
    addGroups()
    runAfter()
  }

  /// The groups' sums, in the order of the groups, whoever ran them: the same bits on any number of
  /// cores.
  private func addGroups() {
    let count = tapes.sumsCount
    guard tapes.groups.count > 1 else { return }
    onAllCores(count) { range, _ in
      for group in tapes.groups.indices.dropFirst() {
        Scalar.addInto(
          sums + group * count + range.lowerBound, into: sums + range.lowerBound,
          count: range.count)
      }
    }
  }

  /// What comes after the tiles; long elementwise passes, an optimiser's update for instance, on all
  /// cores.
  private func runAfter() {
    let tape = tapes.after
    guard workerCount > 1, profile == nil else {
      return run(tape, workers[0].frame(self, sums: sums), tapes.firstInstructions.after)
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
    guard workerCount > 1, count >= 1 << 16 else { return body(0..<count, workers[0]) }
    let strip = ElementwiseGroup.stripLength
    let share = (count / workerCount + strip - 1) / strip * strip
    withoutActuallyEscaping(body) { body in
      let box = Unchecked(body)
      DispatchQueue.concurrentPerform(iterations: workerCount) { core in
        let (lower, upper) = (min(core * share, count), min((core + 1) * share, count))
        let end = core == workerCount - 1 ? count : upper
        if lower < end { box.value(lower..<end, workers[core]) }
      }
    }
  }

  private func runOnAllCores() {
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(workerCount, tapes.groups.count)) { core in
      while true {
        let group = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard group < tapes.groups.count else { return }
        run(group, workers[core])
      }
    }
  }

  /// The tiles of a group, one after the other, their sums in memory of the group's own.
  private func run(_ group: Int, _ worker: Worker<Scalar>) {
    var frame = worker.frame(self, sums: sums + group * tapes.sumsCount)
    for tile in tapes.groups[group] {
      frame.start = tile * tapes.tileRows
      frame.accumulates = tile > tapes.groups[group].lowerBound
      let isWhole = frame.start + tapes.tileRows <= tapes.rowCount
      run(
        isWhole ? tapes.tile : tapes.lastTile, frame,
        tapes.firstInstructions.tile)
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
    guard let indices else { return run(nil, first, draw, cores, profile) }
    indices.withUnsafeBufferPointer { run($0.baseAddress, first, draw, cores, profile) }
  }

  private func run(
    _ indices: UnsafePointer<Int32>?, _ first: Int, _ draw: UInt64, _ cores: Int,
    _ profile: UnsafeMutablePointer<Double>?
  ) {
    Scalar.run(
      StepRun(
        tapes: program.tapes, workers: workers, workerCount: min(max(cores, 1), workers.count),
        sums: sums, rows: UnsafePointer(rowPointers), keys: UnsafePointer(keys), indices: indices,
        first: first, draw: draw, profile: profile))
  }

  private func check(_ indices: [Int32]?, _ first: Int) {
    if boundRows < program.symbols.rowInputs.count { reportMissingRows() }
    guard boundRows > 0 else { return }
    guard let indices else {
      return require(
        first >= 0 && first + program.rowCount <= fewestRows,
        "arena: rows \(first) ..< \(first + program.rowCount) of data with \(fewestRows)")
    }
    require(
      indices.count == program.rowCount,
      "arena: \(indices.count) indices for \(program.rowCount) rows")
    // One pass without a branch: unsigned, a negative index is above every count.
    var largest: UInt32 = 0
    for index in indices { largest = max(largest, UInt32(bitPattern: index)) }
    require(
      indices.isEmpty || Int(largest) < fewestRows,
      "arena: an index outside the data's \(fewestRows) rows")
  }

  private func reportMissingRows() {
    for (input, data) in zip(program.symbols.rowInputs, rows) where data == nil {
      fatalError("arena: rows \(input.name) have no data")
    }
  }
}
