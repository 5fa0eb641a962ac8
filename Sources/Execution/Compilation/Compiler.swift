import Expressions

/// From an ordered expression to instructions, phases and a memory plan.
struct Compiler {
  struct Result {
    var symbols: Symbols
    var instructions: [Instruction]
    var tileRange: Range<Int>
    var tileRows: Int
    var scratch: ScratchPlan
    var registerCount: Int
  }

  private let order: [Tensor]
  private let analysis: RowAnalysis
  private let views: Views
  private let schedule: Schedule
  private var lowering: Lowering

  init(_ order: [Tensor], values: [Tensor], analysis: RowAnalysis) {
    self.order = order
    self.analysis = analysis
    views = Views(order, roots: values, analysis: analysis)
    schedule = Schedule(order, roots: values, views: views, analysis: analysis)
    lowering = Lowering(
      schedule: schedule, views: views, analysis: analysis, symbols: Symbols(order))
  }

  func compile(outputs: [(name: String, value: Tensor)], assignments: [Assignment]) -> Result {
    var compiler = self
    return compiler.run(outputs, assignments)
  }

  private mutating func run(
    _ outputs: [(name: String, value: Tensor)], _ assignments: [Assignment]
  ) -> Result {
    let inPlace = statesAssignedInPlace(outputs, assignments)
    for (assignment, state) in inPlace {
      lowering.locations[views.view(assignment.value).base.digest] = state
    }
    // In the order of execution: a group may read what an earlier phase computes in a later step.
    for phase in [Phase.before, .tile, .after] {
      for step in schedule.steps where step.phase == phase { lowering.lower(step) }
    }
    for (index, output) in outputs.enumerated() { store(output.value, index) }
    let settled = Set(inPlace.map { $0.0.state.digest })
    let copies = assignments.filter { !settled.contains($0.state.digest) }
    // All old values are read before any is overwritten: a copied value that is itself a state goes
    // through scratch.
    let sources = copies.map { assignment -> Location in
      let source = lowering.location(views.view(assignment.value).base)
      guard case .state = source else { return source }
      let temporary = lowering.newScratch(Size(assignment.value.elementCount))
      copy(source, temporary, assignment.value.elementCount)
      return temporary
    }
    for (assignment, source) in zip(copies, sources) {
      copy(source, lowering.location(assignment.state), assignment.value.elementCount)
    }
    return finish()
  }

  /// A copy into or out of a state. Always last of all: until then every step may read the old
  /// value.
  private mutating func copy(_ source: Location, _ destination: Location, _ count: Int) {
    let copy = BlockCopy(
      source: source, sourceOffset: .zero, sourceStride: .zero, destination: destination,
      destinationOffset: .zero, destinationStride: .zero, outer: .one, count: Size(count))
    lowering.emit(.blockCopy(copy), .after, reads: [source], writes: [destination])
  }

  private mutating func store(_ value: Tensor, _ index: Int) {
    let source = lowering.location(views.view(value).base)
    let hasRows = analysis.rowAxis[value.digest] != nil
    let width = hasRows ? value.shape.dropFirst().reduce(1, *) : value.elementCount
    let store = Store(source: source, width: width, hasRows: hasRows, output: index)
    lowering.emit(.store(store), hasRows ? .tile : .after, reads: [source], writes: [])
  }

  /// The assignments whose value can be written over the old state at once: computed elementwise,
  /// element for element, after everything else that reads the old value.
  private func statesAssignedInPlace(
    _ outputs: [(name: String, value: Tensor)], _ assignments: [Assignment]
  ) -> [(Assignment, Location)] {
    let reported = Set(outputs.map { views.view($0.value).base.digest })
    var taken: Set<Digest> = []
    return assignments.compactMap { assignment in
      let base = views.view(assignment.value).base
      guard base == assignment.value, !reported.contains(base.digest),
        let step = schedule.stepOf[base.digest], schedule.steps[step].isElementwise,
        taken.insert(base.digest).inserted
      else { return nil }
      let own = position(step)
      let dense = denseStrides(analysis.extents(of: assignment.state))
      for (index, other) in schedule.steps.enumerated() {
        var isWritten = false
        for node in other.nodes {
          defer { if node == base { isWritten = true } }
          for operand in node.operands {
            let view = views.view(operand)
            guard view.base == assignment.state else { continue }
            if index == step {
              guard !isWritten, view.strides == dense, operand.shape == node.shape else {
                return nil
              }
            } else if position(index) > own {
              return nil
            }
          }
        }
      }
      // Another assignment or output that reads the state itself must still see the old value.
      let copied = assignments.contains { views.view($0.value).base == assignment.state }
      guard !copied, !reported.contains(assignment.state.digest) else { return nil }
      return (assignment, .state(lowering.symbols.state(name(assignment.state))))
    }
  }

  private func name(_ state: Tensor) -> String {
    guard case .input(let input) = state.primitive, input.role == .state else {
      fatalError("program: only a state can be assigned, not \(state.primitive.label)")
    }
    return input.name
  }

  /// Where a step runs: its phase first, then its place in the schedule.
  private func position(_ step: Int) -> Int {
    schedule.steps[step].phase.rawValue * schedule.steps.count + step
  }

  /// Sorts by phase, finds lifetimes and places scratch memory.
  private func finish() -> Result {
    let emitted =
      [Phase.before, .tile, .after].flatMap { phase in
        lowering.emitted.filter { $0.phase == phase }
      }
    let first = emitted.firstIndex { $0.phase == .tile } ?? emitted.count
    let end = emitted.firstIndex { $0.phase == .after } ?? emitted.count
    let tileRange = min(first, end)..<end
    let tileRows = self.tileRows()
    var lifetimes = lowering.scratch.map { _ in Lifetime(first: Int.max, last: -1) }
    for (index, step) in emitted.enumerated() {
      for case .scratch(let value) in step.reads + step.writes {
        lifetimes[value].first = min(lifetimes[value].first, index)
        lifetimes[value].last = max(lifetimes[value].last, index)
      }
    }
    for value in lifetimes.indices where lifetimes[value].last >= 0 {
      let isOlder = lifetimes[value].first < tileRange.lowerBound
      // Read by every tile, or added to by every tile: it must outlive them all.
      if isOlder && lifetimes[value].last >= tileRange.lowerBound && !tileRange.isEmpty {
        lifetimes[value].last = max(lifetimes[value].last, tileRange.upperBound - 1)
      }
      if lowering.accumulating.contains(value) {
        lifetimes[value].first = min(lifetimes[value].first, tileRange.lowerBound)
        lifetimes[value].last = max(lifetimes[value].last, tileRange.upperBound - 1)
      }
    }
    // A value that nothing touches takes no memory.
    let sizes = lowering.scratch.indices.map {
      lifetimes[$0].last < 0 ? 0 : lowering.scratch[$0].value(tileRows)
    }
    for value in lifetimes.indices where lifetimes[value].last < 0 {
      lifetimes[value] = Lifetime(first: 0, last: 0)
    }
    let registers = emitted.map { step in
      if case .elementwise(let group) = step.instruction { group.registerCount } else { 0 }
    }
    return Result(
      symbols: lowering.symbols, instructions: emitted.map(\.instruction), tileRange: tileRange,
      tileRows: tileRows,
      scratch: ScratchPlan(
        sizes: sizes, lifetimes: lifetimes, accumulating: lowering.accumulating,
        tiles: tileRange),
      registerCount: registers.max() ?? 0)
  }

  /// As many rows as keep the widest value within the second-level cache: a function of shapes
  /// alone, never of the machine, so that results do not depend on it.
  private func tileRows() -> Int {
    guard analysis.isTiled else { return max(analysis.rowCount, 1) }
    let widest = lowering.scratch.filter { $0.power == 1 }.map(\.count).max() ?? 1
    var rows = 128
    while rows > 4, rows * widest > 32768 { rows /= 2 }
    return rows
  }
}
