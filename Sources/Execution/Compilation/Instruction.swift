import Expressions
import Kernels

/// Which memory a value lives in while a program runs.
enum Location: Hashable, Sendable {
  /// A state variable, by its place in the program's list.
  case state(Int)
  /// A given array, by its place in the program's list.
  case constant(Int)
  /// Scratch memory, by its place in the memory plan.
  case scratch(Int)
  /// A number given at each step, by its place in the program's list.
  case scalar(Int)
}

/// One step of a program. Each names its memory by ``Location`` and its extents by ``Size``, so
/// that one instruction serves full tiles and the last, shorter one.
enum Instruction: Sendable {
  case gatherRows(RowGather)
  case random(RandomFill)
  case stridedCopy(StridedCopy)
  case blockCopy(BlockCopy)
  case fill(Location, Size, Double)
  case pack(Packing)
  case product(ProductLoop)
  case sum(SumLoop)
  /// A tile's part of a sum over rows, added to the sum.
  case addInto(Location, Size, into: Location)
  case logSumExp(Location, rows: Size, columns: Size, into: Location)
  case matrices(MatrixLoop)
  case elementwise(ElementwiseGroup)
  case store(Store)
}

/// A finished value into the results: a tile's rows behind those of the tiles before, or all of it.
struct Store: Sendable {
  var source: Location
  var width: Int
  var hasRows: Bool
  var output: Int
}

/// Rows of a data set into the tile.
struct RowGather: Sendable {
  var source: Int
  var columns: Int
  var destination: Location
}

/// Random numbers: `outer` runs of rows · `inner` numbers, a row's numbers the same whatever tile
/// it is in.
struct RandomFill: Sendable {
  var law: RandomLeaf.Law
  var stream: Int
  var outer: Int
  var inner: Int
  var hasRows: Bool
  var destination: Location
}

/// A strided array into a dense one.
struct StridedCopy: Sendable {
  var source: Location
  var extents: [Size]
  var strides: [Size]
  var destination: Location
}

/// `outer` blocks of `count` consecutive numbers.
struct BlockCopy: Sendable {
  var source: Location
  var sourceOffset: Size
  var sourceStride: Size
  var destination: Location
  var destinationOffset: Size
  var destinationStride: Size
  var outer: Size
  var count: Size
}

/// The micropanels of a matrix that every tile multiplies by, packed once before them.
struct Packing: Hashable, Sendable {
  var source: Location
  var rows: Int
  var columns: Int
  var strides: Pair
  var destination: Location

  struct Pair: Hashable, Sendable {
    var row: Int
    var column: Int
  }
}

/// A loop around a kernel: its extent and the step of each array.
struct Loop: Sendable {
  var extent: Size
  var a: Size
  var b: Size
  var c: Size
  /// True where each turn adds to the same result.
  var accumulates: Bool
}

/// A product of two arrays: matrix products or row-wise dot products inside loops.
struct ProductLoop: Sendable {
  enum Kernel: Sendable {
    /// C[m, n] from A[m, k] and B[k, n]; C's columns are adjacent.
    case gemm(m: Size, n: Size, k: Size, a: (Size, Size), b: (Size, Size), c: Size)
    /// C[m, m], symmetric, from A[m, k] and its transpose.
    case gram(m: Size, k: Size, a: (Size, Size), c: Size)
    /// C[r] from rows of A and B; k is adjacent in both.
    case dotRows(rows: Size, k: Size, a: Size, b: Size)
  }

  var a: Location
  var b: Location
  var c: Location
  var loops: [Loop]
  var kernel: Kernel
  /// True where the sum runs over data rows, so that later tiles add to earlier ones.
  var sumsRows: Bool
  /// True where `b` is packed.
  var bIsPacked = false
  /// True where the result is always added to what is there: to another sum over rows.
  var adds = false

  /// Floating-point operations for the given rows: a multiplication and an addition a term.
  func operations(_ rows: Int) -> Int {
    let inner =
      switch kernel {
      case .gemm(let m, let n, let k, _, _, _): 2 * m.value(rows) * n.value(rows) * k.value(rows)
      case .gram(let m, let k, _, _): m.value(rows) * (m.value(rows) + 1) * k.value(rows)
      case .dotRows(let count, let k, _, _): 2 * count.value(rows) * k.value(rows)
      }
    return loops.reduce(inner) { $0 * $1.extent.value(rows) }
  }
}

/// The sum of the middle axis of [outer, summed, inner].
struct SumLoop: Sendable {
  var source: Location
  var outer: Size
  var summed: Size
  var inner: Size
  var destination: Location
  var sumsRows: Bool
}

/// A function of each of some square matrices, [matrices, extent, extent].
struct MatrixLoop: Sendable {
  enum Function: Sendable {
    case inverse
    case logAbsoluteDeterminant
  }

  var function: Function
  var source: Location
  var matrices: Size
  var extent: Int
  /// A matrix that elimination works in, one after the other.
  var workspace: Location
  var destination: Location
}

/// Elementwise functions of one shape, run strip by strip so that what only the group uses stays in
/// the first cache.
struct ElementwiseGroup: Sendable {
  /// Where a function takes an operand from.
  enum Source: Sendable {
    /// The result of an earlier function of the group.
    case slot(Int)
    /// Memory outside, through `loads`.
    case load(Int)
    case constant(Double)
    /// A number given at each step.
    case scalar(Int)
  }

  enum Function: Sendable {
    case unary(UnaryFunction)
    case binary(Kernels.BinaryFunction)
    case select
    case copy
    /// a b + c, rounded once.
    case multiplyAdd
    /// c - a b, rounded once.
    case subtractProduct
    /// log(1 + eᵃ), and its derivative 1 / (1 + e⁻ᵃ) into the second slot: one exponential for both.
    case softplusAndSigmoid
  }

  /// Where a function's result goes: memory of its own, or a strip register.
  enum Slot: Sendable {
    case memory(Location)
    case register(Int)
  }

  struct Operation: Sendable {
    var function: Function
    var operands: [Source]
    var slot: Int
    /// The slot of a second result.
    var secondSlot: Int?
  }

  struct Load: Sendable {
    var location: Location
    /// Along the merged extents.
    var strides: [Size]
    /// The strip register that a broadcast operand is spread into.
    var register: Int
  }

  /// The iteration space, neighbouring axes merged; results are dense over it.
  var extents: [Size]
  var operations: [Operation]
  var slots: [Slot]
  var loads: [Load]
  /// Registers above the slots' own, for constants where a kernel takes only arrays.
  var registerCount: Int
  /// Numbers in a strip register.
  static let stripLength = 1024
}
