import Expressions
import Kernels
import Randomness

/// A number type that programs run in: `Float` or `Double`.
///
/// The requirements are concrete entry points over generics of this module, which the compiler
/// specialises here: called generically from another module they would run a thousand times slower.
public protocol ProgramScalar: KernelScalar {
  /// Elements offset ..< offset + count of the sequence (key, draw), in this type's own bits.
  static func fillRandom(
    _ destination: UnsafeMutablePointer<Self>, count: Int, law: RandomLaw, key: StreamKey,
    draw: UInt64, offset: Int)

  /// Runs the parts of a program in an arena; see ``Arena/run(indices:first:draw:cores:)``.
  static func run(_ step: StepRun<Self>)
}

extension Float: ProgramScalar {
  /// Elements offset ..< offset + count of the sequence (key, draw), in this type's own bits.
  public static func fillRandom(
    _ destination: UnsafeMutablePointer<Float>, count: Int, law: RandomLaw, key: StreamKey,
    draw: UInt64, offset: Int
  ) {
    var span = UnsafeMutableBufferPointer(start: destination, count: count).mutableSpan
    Randomness.fill(&span, law: law, key: key, draw: draw, offset: offset)
  }

  /// Runs the parts of a program in an arena.
  public static func run(_ step: StepRun<Float>) { step.runParts() }
}

extension Double: ProgramScalar {
  /// Elements offset ..< offset + count of the sequence (key, draw), in this type's own bits.
  public static func fillRandom(
    _ destination: UnsafeMutablePointer<Double>, count: Int, law: RandomLaw, key: StreamKey,
    draw: UInt64, offset: Int
  ) {
    var span = UnsafeMutableBufferPointer(start: destination, count: count).mutableSpan
    Randomness.fill(&span, law: law, key: key, draw: draw, offset: offset)
  }

  /// Runs the parts of a program in an arena.
  public static func run(_ step: StepRun<Double>) { step.runParts() }
}
