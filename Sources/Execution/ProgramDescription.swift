extension Program: CustomStringConvertible {
  /// The program as readable text: memory, then one line an instruction, the tile loop indented.
  public var description: String {
    var lines = [
      "program: \(rowCount) rows in tiles of \(tileRows), \(scratch.total) scalars of scratch, "
        + "\(productOperations) operations in products"
    ]
    for (index, state) in symbols.states.enumerated() {
      lines.append("state\(index) = \(state.name) \(state.shape)")
    }
    for (index, instruction) in instructions.enumerated() {
      lines.append((tileRange.contains(index) ? "  | " : "  ") + text(instruction))
    }
    return lines.joined(separator: "\n")
  }

  func text(_ instruction: Instruction) -> String {
    switch instruction {
    case .gatherRows(let gather):
      "\(text(gather.destination)) = rows \(symbols.rowInputs[gather.source].name)"
    case .random(let fill):
      "\(text(fill.destination)) = \(fill.law) \(symbols.streams[fill.stream])"
    case .stridedCopy(let copy): "\(text(copy.destination)) = permute \(text(copy.source))"
    case .blockCopy(let copy): "\(text(copy.destination)) = copy \(text(copy.source))"
    case .fill(let location, _, let value): "\(text(location)) = \(value)"
    case .pack(let pack): "\(text(pack.destination)) = pack \(text(pack.source))"
    case .product(let loop): text(loop)
    case .sum(let loop):
      "\(text(loop.destination)) \(loop.sumsRows ? "+=" : "=") sum \(text(loop.source)) "
        + "[\(text(loop.outer)), (\(text(loop.summed))), \(text(loop.inner))]"
    case .addInto(let part, _, let sum): "\(text(sum)) += \(text(part))"
    case .logSumExp(let source, _, let columns, let result):
      "\(text(result)) = logSumExp \(text(source)) over \(text(columns))"
    case .matrices(let loop):
      "\(text(loop.destination)) = \(loop.function) \(text(loop.source)) "
        + "[\(text(loop.matrices)), \(loop.extent), \(loop.extent)]"
    case .elementwise(let group): text(group)
    case .store(let store): "\(outputs[store.output].name) <- \(text(store.source))"
    }
  }

  private func text(_ loop: ProductLoop) -> String {
    let around = loop.loops.map { "\(text($0.extent))\($0.accumulates ? "+" : "")" }
      .joined(separator: ", ")
    let kernel =
      switch loop.kernel {
      case .gemm(let m, let n, let k, _, _, _): "gemm \(text(m))x\(text(n))x\(text(k))"
      case .gram(let m, let k, _, _): "gram \(text(m))x\(text(k))"
      case .dotRows(let rows, let k, _, _): "dotRows \(text(rows))x\(text(k))"
      }
    return "\(text(loop.c)) \(loop.sumsRows ? "+=" : "=") \(kernel) \(text(loop.a)) \(text(loop.b))"
      + (around.isEmpty ? "" : " for [\(around)]")
  }

  private func text(_ group: ElementwiseGroup) -> String {
    let functions = group.operations.map { operation -> String in
      let name =
        switch operation.function {
        case .unary(let function): "\(function)"
        case .binary(let function): "\(function)"
        case .select: "select"
        case .copy: "copy"
        case .multiplyAdd: "multiplyAdd"
        case .subtractProduct: "subtractProduct"
        case .softplusAndSigmoid: "softplus, sigmoid"
        }
      let operands = operation.operands.map { operand in
        switch operand {
        case .slot(let slot): "s\(slot)"
        case .load(let load): text(group.loads[load].location)
        case .constant(let value): "\(value)"
        case .scalar(let index): symbols.scalars[index]
        }
      }
      let targets = ([operation.slot] + [operation.secondSlot].compactMap { $0 }).map { slot in
        if case .memory(let location) = group.slots[slot] { text(location) } else { "s\(slot)" }
      }
      return "\(targets.joined(separator: ", ")) = \(name)(\(operands.joined(separator: ", ")))"
    }
    let extents = group.extents.map(text).joined(separator: ", ")
    return "each [\(extents)] { \(functions.joined(separator: "; ")) }"
  }

  private func text(_ size: Size) -> String {
    size.power == 0 ? "\(size.count)" : size.count == 1 ? "rows" : "\(size.count)rows"
  }

  private func text(_ location: Location) -> String {
    switch location {
    case .state(let index): symbols.states[index].name
    case .constant(let index): "constant\(index)"
    case .scratch(let index): "%\(index)"
    case .scalar(let index): symbols.scalars[index]
    }
  }
}
