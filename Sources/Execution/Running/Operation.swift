import Kernels
import Randomness

/// An address that every arena of a program resolves for itself: one of its buffers, by number, and
/// an offset in scalars.
struct Address: Sendable, Hashable {
  var buffer: Int
  var offset: Int
}

/// An instruction with its addresses and extents filled in for a number of rows.
///
/// A trivial value: running a list of these copies bytes and touches no reference count. What is of
/// variable length lies in the lists of the ``Tape``.
enum Operation: Sendable {
  /// Rows of an input's data set; `columns` numbers a row.
  case gatherRows(input: Int, columns: Int, count: Int, into: Address)
  case random(RandomRun)
  /// Extents and strides one after the other in the tape's numbers.
  case stridedCopy(source: Address, numbers: Int, rank: Int, into: Address)
  case blockCopy(BlockRun)
  case fill(Address, count: Int, Double)
  case pack(PackRun)
  case product(ProductRun)
  case sum(SumRun)
  case addInto(Address, count: Int, into: Address)
  case logSumExp(source: Address, rows: Int, columns: Int, into: Address)
  case matrices(MatrixRun)
  case elementwise(ElementwiseRun)
  /// `stride` is what each row of the program moves the destination by.
  case store(source: Address, count: Int, stride: Int, into: Address)
}

struct RandomRun: Sendable {
  var law: RandomLaw
  var stream: Int
  var outer: Int
  /// Numbers of the tile at hand in each of the outer runs, and of the whole program.
  var count: Int
  var period: Int
  /// Numbers that a row takes; 0 where they have no rows.
  var perRow: Int
  var destination: Address
}

struct BlockRun: Sendable {
  var source: Address
  var sourceStride: Int
  var destination: Address
  var destinationStride: Int
  var outer: Int
  var count: Int
}

/// A matrix's micropanels, packed once for all products of a step with it.
struct PackRun: Sendable {
  var source: Address
  var rows: Int
  var columns: Int
  var rowStride: Int
  var columnStride: Int
  var destination: Address
}

struct ProductRun: Sendable {
  enum Kernel: Sendable {
    case gemm(m: Int, n: Int, k: Int, a: Strides, b: Strides, c: Int)
    /// B is packed.
    case packedGemm(m: Int, n: Int, k: Int, a: Strides, c: Int)
    case gram(m: Int, k: Int, a: Strides, c: Int)
    case dotRows(rows: Int, k: Int, a: Int, b: Int)
  }

  struct Strides: Sendable {
    var row: Int
    var column: Int
  }

  var a: Address
  var b: Address
  var c: Address
  /// In the tape's loops.
  var loops: Range<Int>
  var kernel: Kernel
  /// True where later tiles of a group add to what earlier ones left.
  var sumsRows: Bool
  /// True where it always adds.
  var adds: Bool
}

struct LoopRun: Sendable {
  var extent: Int
  var a: Int
  var b: Int
  var c: Int
  var accumulates: Bool
}

struct SumRun: Sendable {
  var source: Address
  var outer: Int
  var summed: Int
  var inner: Int
  var destination: Address
  var sumsRows: Bool
}

struct MatrixRun: Sendable {
  var function: MatrixLoop.Function
  var source: Address
  var matrices: Int
  var extent: Int
  var workspace: Address
  var destination: Address
}

/// An elementwise group: its iteration space [outer…, middle, length], its steps and its loads.
struct ElementwiseRun: Sendable {
  var middle: Int
  var length: Int
  /// The extents outside the two innermost ones, in the tape's numbers.
  var outerExtents: Range<Int>
  var steps: Range<Int>
  var loads: Range<Int>

  /// True for one dense run of elements, which can be cut anywhere.
  var isOneRun: Bool { middle == 1 && outerExtents.isEmpty }
}

struct ElementwiseStep: Sendable {
  enum Operand: Sendable {
    /// A dense array over the group's space.
    case memory(Address)
    case register(Int)
    /// An array read through strides, by its place among the tape's loads.
    case load(Int)
    case constant(Double)
    /// A number given at each step.
    case scalar(Address)
  }

  var function: ElementwiseGroup.Function
  var a: Operand
  var b: Operand
  var c: Operand
  var result: Operand
  /// Where a second result goes; a number where there is none.
  var secondResult: Operand
  /// Registers for constants where a kernel takes only arrays, one an operand.
  var spare: Int
}

struct ElementwiseLoad: Sendable {
  var address: Address
  var rowStride: Int
  var columnStride: Int
  /// Its strides along the group's outer extents, in the tape's numbers.
  var outerStrides: Int
  /// The register that it is spread into.
  var register: Int
}
