import Expressions
import Kernels
import Randomness

extension Arena {
  /// Runs the program once on given rows of its data.
  ///
  /// - Parameters:
  ///   - indices: which row of its data set each of the program's rows is; nil takes rows first,
  ///     first + 1, ….
  ///   - first: the first row where there are no indices.
  ///   - draw: which draw of its random streams; a training step's number.
  public func run(indices: [Int32]? = nil, first: Int = 0, draw: UInt64 = 0) {
    for (input, data) in zip(program.symbols.rowInputs, rows) {
      guard let data else { fatalError("arena: rows \(input.name) have no data") }
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
      require(
        indices.allSatisfy { $0 >= 0 && Int($0) < data.rowCount },
        "arena: an index outside \(input.name)'s \(data.rowCount) rows")
    }
    if let indices {
      indices.withUnsafeBufferPointer { run($0.baseAddress, first, draw) }
    } else {
      run(nil, first, draw)
    }
  }

  private func run(_ indices: UnsafePointer<Int32>?, _ first: Int, _ draw: UInt64) {
    let instructions = program.instructions
    let whole = Tile(rows: program.rowCount, start: 0, indices: indices, first: first, draw: draw)
    for index in 0..<program.tileRange.lowerBound { execute(instructions[index], whole) }
    if !program.tileRange.isEmpty {
      var start = 0
      while start < program.rowCount {
        let rows = min(program.tileRows, program.rowCount - start)
        let tile = Tile(rows: rows, start: start, indices: indices, first: first, draw: draw)
        for index in program.tileRange { execute(instructions[index], tile) }
        start += rows
      }
    }
    for index in program.tileRange.upperBound..<instructions.count {
      execute(instructions[index], whole)
    }
  }

  /// The rows that instructions are run on.
  struct Tile {
    var rows: Int
    var start: Int
    var indices: UnsafePointer<Int32>?
    var first: Int
    var draw: UInt64
  }

  func pointer(_ location: Location) -> UnsafeMutablePointer<Scalar> {
    switch location {
    case .scratch(let value): scratch.pointer + program.plan.offsets[value]
    case .state(let index): states[index].pointer
    case .constant(let index): constants[index].pointer
    case .scalar(let index): scalars.pointer + index
    }
  }

  private func execute(_ instruction: Instruction, _ tile: Tile) {
    switch instruction {
    case .gatherRows(let gather): run(gather, tile)
    case .random(let fill): run(fill, tile)
    case .stridedCopy(let copy): run(copy, tile.rows)
    case .blockCopy(let copy): run(copy, tile.rows)
    case .fill(let location, let size, let value):
      Scalar.fill(pointer(location), with: Scalar(value), count: size.value(tile.rows))
    case .product(let loop): run(loop, tile)
    case .sum(let loop): run(loop, tile)
    case .logSumExp(let source, let rows, let columns, let result):
      let width = columns.value(tile.rows)
      Scalar.logSumExpRows(
        pointer(source), rows: rows.value(tile.rows), columns: width, rowStride: width,
        into: pointer(result))
    case .elementwise(let group): run(group, tile.rows)
    case .store(let store):
      let count = store.hasRows ? store.width * tile.rows : store.width
      let offset = store.hasRows ? store.width * tile.start : 0
      Scalar.copy(
        pointer(store.source), into: outputs[store.output].pointer + offset, count: count)
    }
  }

  private func run(_ gather: RowGather, _ tile: Tile) {
    guard let data = rows[gather.source] else { return }
    let result = pointer(gather.destination)
    if let indices = tile.indices {
      Scalar.gatherRows(
        data.buffer.pointer, columns: gather.columns, indices: indices + tile.start,
        count: tile.rows, into: result)
    } else {
      Scalar.copy(
        data.buffer.pointer + (tile.first + tile.start) * gather.columns, into: result,
        count: tile.rows * gather.columns)
    }
  }

  private func run(_ fill: RandomFill, _ tile: Tile) {
    let law: RandomLaw =
      switch fill.law {
      case .uniform: .uniform
      case .normal: .normal
      case .rademacher: .rademacher
      }
    let result = pointer(fill.destination)
    let count = fill.hasRows ? tile.rows * fill.inner : fill.inner
    let period = fill.hasRows ? program.rowCount * fill.inner : fill.inner
    for outer in 0..<fill.outer {
      Scalar.fillRandom(
        result + outer * count, count: count, law: law, key: keys[fill.stream], draw: tile.draw,
        offset: outer * period + (fill.hasRows ? tile.start * fill.inner : 0))
    }
  }

  private func run(_ copy: StridedCopy, _ rows: Int) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * copy.extents.count + 1) { buffer in
      let rank = copy.extents.count
      for axis in 0..<rank {
        buffer[axis] = copy.extents[axis].value(rows)
        buffer[rank + axis] = copy.strides[axis].value(rows)
      }
      Scalar.stridedCopy(
        extents: UnsafeBufferPointer(rebasing: buffer[0..<rank]), pointer(copy.source),
        strides: UnsafeBufferPointer(rebasing: buffer[rank..<(2 * rank)]),
        into: pointer(copy.destination))
    }
  }

  private func run(_ copy: BlockCopy, _ rows: Int) {
    let source = pointer(copy.source) + copy.sourceOffset.value(rows)
    let destination = pointer(copy.destination) + copy.destinationOffset.value(rows)
    let (from, to) = (copy.sourceStride.value(rows), copy.destinationStride.value(rows))
    let count = copy.count.value(rows)
    for block in 0..<copy.outer.value(rows) {
      Scalar.copy(source + block * from, into: destination + block * to, count: count)
    }
  }

  private func run(_ loop: SumLoop, _ tile: Tile) {
    let (summed, inner) = (loop.summed.value(tile.rows), loop.inner.value(tile.rows))
    let outer = loop.outer.value(tile.rows)
    let (source, result) = (pointer(loop.source), pointer(loop.destination))
    let accumulate = loop.sumsRows && tile.start > 0
    if inner == 1 {
      Scalar.sumRows(
        source, rows: outer, columns: summed, rowStride: summed, into: result,
        accumulate: accumulate)
    } else {
      for block in 0..<outer {
        Scalar.sumColumns(
          source + block * summed * inner, rows: summed, columns: inner, rowStride: inner,
          into: result + block * inner, accumulate: accumulate)
      }
    }
  }

  private func run(_ loop: ProductLoop, _ tile: Tile) {
    runLoops(
      loop, depth: 0, tile.rows, pointer(loop.a), pointer(loop.b), pointer(loop.c),
      accumulate: loop.sumsRows && tile.start > 0)
  }

  private func runLoops(
    _ loop: ProductLoop, depth: Int, _ rows: Int, _ a: UnsafePointer<Scalar>,
    _ b: UnsafePointer<Scalar>, _ c: UnsafeMutablePointer<Scalar>, accumulate: Bool
  ) {
    guard depth < loop.loops.count else {
      return runKernel(loop.kernel, rows, a, b, c, accumulate: accumulate)
    }
    let own = loop.loops[depth]
    let (stepA, stepB, stepC) = (own.a.value(rows), own.b.value(rows), own.c.value(rows))
    for turn in 0..<own.extent.value(rows) {
      runLoops(
        loop, depth: depth + 1, rows, a + turn * stepA, b + turn * stepB, c + turn * stepC,
        accumulate: accumulate || (own.accumulates && turn > 0))
    }
  }

  private func runKernel(
    _ kernel: ProductLoop.Kernel, _ rows: Int, _ a: UnsafePointer<Scalar>,
    _ b: UnsafePointer<Scalar>, _ c: UnsafeMutablePointer<Scalar>, accumulate: Bool
  ) {
    switch kernel {
    case .gemm(let m, let n, let k, let strideA, let strideB, let rowStride):
      Scalar.gemm(
        m.value(rows), n.value(rows), k.value(rows), alpha: 1,
        MatrixView(a, rowStride: strideA.0.value(rows), columnStride: strideA.1.value(rows)),
        MatrixView(b, rowStride: strideB.0.value(rows), columnStride: strideB.1.value(rows)),
        beta: accumulate ? 1 : 0, into: c, rowStride: rowStride.value(rows),
        workspace: workspace.pointer)
    case .dotRows(let count, let k, let strideA, let strideB):
      Scalar.dotRows(
        a, rowStride: strideA.value(rows), b, rowStride: strideB.value(rows),
        rows: count.value(rows), columns: k.value(rows), into: c, accumulate: accumulate)
    }
  }
}
