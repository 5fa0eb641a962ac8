import Kernels
import Randomness

/// What running operations reads besides the tape: raw memory of an arena and the step's arguments.
/// A trivial value, so that passing it on costs no reference count and no check.
struct Frame<Scalar: ProgramScalar> {
  /// The base address of each buffer, in the order of ``Addresses``.
  var buffers: UnsafePointer<UnsafeMutablePointer<Scalar>>
  var registers: UnsafeMutablePointer<Scalar>
  /// What each strip register holds in the group at hand: the memory offset it was spread from, or
  /// -1.
  var loaded: UnsafeMutablePointer<Int>
  var workspace: UnsafeMutablePointer<Scalar>
  /// The data set of each rows input.
  var rows: UnsafePointer<UnsafePointer<Scalar>?>
  var keys: UnsafePointer<StreamKey>
  /// Which row of its data set each of the program's rows is; nil takes rows first, first + 1, ….
  var indices: UnsafePointer<Int32>?
  var first: Int
  var draw: UInt64
  /// The first row of the tile at hand.
  var start = 0
  /// True where sums over rows add to those of earlier tiles.
  var accumulates = false

  @inline(__always)
  subscript(_ address: Address) -> UnsafeMutablePointer<Scalar> {
    buffers[address.buffer] + address.offset
  }
}

/// The lists of a tape as raw memory.
struct TapeMemory {
  var operations: UnsafeBufferPointer<Operation>
  var loops: UnsafePointer<LoopRun>?
  var numbers: UnsafePointer<Int>?
  var steps: UnsafePointer<ElementwiseStep>?
  var loads: UnsafePointer<ElementwiseLoad>?

  /// A loop, number, step or load that the tape's own operations name; it exists.
  @inline(__always)
  func number(_ index: Int) -> Int { numbers.unsafelyUnwrapped[index] }
}

extension Tape {
  /// Lends the lists as raw memory.
  func withMemory(_ body: (TapeMemory) -> Void) {
    operations.withUnsafeBufferPointer { operations in
      loops.withUnsafeBufferPointer { loops in
        numbers.withUnsafeBufferPointer { numbers in
          steps.withUnsafeBufferPointer { steps in
            loads.withUnsafeBufferPointer { loads in
              body(
                TapeMemory(
                  operations: operations, loops: loops.baseAddress, numbers: numbers.baseAddress,
                  steps: steps.baseAddress, loads: loads.baseAddress))
            }
          }
        }
      }
    }
  }
}
