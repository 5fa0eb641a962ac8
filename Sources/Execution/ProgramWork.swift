import Kernels

extension Program {
  /// What one run costs, in operations of a matrix product: one that fills the vectors of this CPU
  /// does so many in the same time.
  ///
  /// It counts what ``productOperations`` leaves out: elementwise functions, random numbers, data
  /// that are moved, and what it takes to begin an instruction. For training steps of 0.2 to 1000
  /// million operations the time a unit is then nearly the same, within 20 %; by the operations of
  /// the products alone it varies fivefold.
  public var work: Double {
    instructions.indices.reduce(0) { total, index in
      let instruction = instructions[index]
      guard tileRange.contains(index) else { return total + instruction.work(rowCount) }
      let (full, rest) = rowCount.quotientAndRemainder(dividingBy: tileRows)
      return total + Double(full) * instruction.work(tileRows)
        + (rest > 0 ? instruction.work(rest) : 0)
    }
  }
}

/// The cost of kinds of work in operations of a product.
///
/// Fitted to 180 training steps in Float, on a CPU with AVX-512: losses, models, widths, depths,
/// batches and dimensions as experiments have them. In Double the same ratios hold about as well.
private enum Cost {
  /// Anything that is begun: its addresses, its loops.
  static let instruction = 3000.0
  /// One function of an elementwise group, over a strip.
  static let function = 1500.0
  /// A value of an exponential, a logarithm and the like.
  static let transcendental = 32.0
  /// A value of any other elementwise function.
  static let element = 3.0
  /// A number that is copied, packed or summed.
  static let move = 18.0
  /// A row that is picked from the data.
  static let pickedRow = 1000.0
  /// A normal number, and one of another law.
  static let normal = 130.0
  static let draw = 32.0
  /// Rows and columns of a product come in vectors, and each term more is cheaper than the first.
  static let lanes = 8
  static let firstTerm = 7
}

extension Instruction {
  /// The cost of one run over so many rows.
  fileprivate func work(_ rows: Int) -> Double {
    func count(_ sizes: Size...) -> Double { Double(sizes.reduce(1) { $0 * $1.value(rows) }) }
    let work: Double =
      switch self {
      case .gatherRows(let gather):
        Double(rows) * (Cost.pickedRow + Cost.move * Double(gather.columns))
      case .random(let fill):
        Double(fill.outer * fill.inner * (fill.hasRows ? rows : 1))
          * (fill.law == .normal ? Cost.normal : Cost.draw)
      case .stridedCopy(let copy): Cost.move * count(copy.extents.product)
      case .blockCopy(let copy): Cost.move * count(copy.outer, copy.count)
      case .fill(_, let size, _), .addInto(_, let size, _): Cost.move * count(size)
      case .pack(let packing): Cost.move * Double(packing.rows * packing.columns)
      case .product(let loop): loop.work(rows)
      case .sum(let loop): Cost.move * count(loop.outer, loop.summed, loop.inner)
      case .logSumExp(_, let outer, let columns, _): Cost.transcendental * count(outer, columns)
      case .matrices(let loop):
        count(loop.matrices) * loop.workOfOne
      case .elementwise(let group):
        group.operations.reduce(0) {
          $0 + Cost.function + $1.function.work * count(group.extents.product)
        }
      case .store(let store): Cost.move * Double(store.width * (store.hasRows ? rows : 1))
      }
    return Cost.instruction + work
  }
}

extension MatrixLoop {
  /// The cost of one matrix: multiplications with additions, and the rows that they are done on.
  fileprivate var workOfOne: Double {
    let n = Double(extent)
    let (terms, rows) =
      switch function {
      case .inverse: (4 / 3 * n * n * n, 3 / 2 * n * n)
      case .logAbsoluteDeterminant: (n * n * n / 3, n * n / 2)
      }
    return Cost.element * terms + Cost.transcendental * rows
  }
}

extension ProductLoop {
  fileprivate func work(_ rows: Int) -> Double {
    func filled(_ size: Size) -> Int {
      (size.value(rows) + Cost.lanes - 1) / Cost.lanes * Cost.lanes
    }
    let inner =
      switch kernel {
      case .gemm(let m, let n, let k, _, _, _):
        2 * Double(filled(m)) * Double(filled(n)) * Double(k.value(rows) + Cost.firstTerm)
      case .gram(let m, let k, _, _):
        Double(filled(m)) * Double(filled(m)) * Double(k.value(rows) + Cost.firstTerm)
      case .dotRows(let count, let k, _, _):
        Cost.element * Double(count.value(rows)) * Double(k.value(rows))
      }
    let turns = loops.reduce(1) { $0 * $1.extent.value(rows) }
    return Double(turns) * inner + Double(max(turns - 1, 0)) * Cost.instruction
  }
}

extension ElementwiseGroup.Function {
  /// The cost of one value.
  fileprivate var work: Double {
    switch self {
    case .unary(let function):
      switch function {
      case .exp, .expMinusOne, .log, .logOnePlus, .tanh, .sigmoid, .softplus, .erf, .sine, .cosine:
        Cost.transcendental
      case .negate, .absolute, .sign, .reciprocal, .square, .squareRoot: Cost.element
      }
    case .softplusAndSigmoid, .binary(.power): 2 * Cost.transcendental
    case .binary, .select, .copy, .multiplyAdd, .subtractProduct: Cost.element
    }
  }
}
