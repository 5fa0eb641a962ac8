/// Where the time of a program's runs goes.
public struct Profile: Sendable {
  /// One instruction of the program.
  public struct Entry: Sendable {
    /// The instruction as the program prints it.
    public let text: String
    /// What it does: `gemm`, `gram`, `dot rows`, `elementwise`, `sum`, `random`, `gather`, `pack`, `copy`,
    /// `logSumExp`, `matrices` or `output`.
    public let primitive: String
    /// True where it runs once per tile of rows.
    public let isTiled: Bool
    /// Additions and multiplications of a product in one run of the program; 0 for anything else.
    public let operations: Int
    /// Nanoseconds a run, all tiles together.
    public let nanoseconds: Double
  }

  /// Runs so far.
  public internal(set) var runs = 0
  var nanoseconds: [Double]
  private let program: Program

  /// An empty profile of a program.
  public init(_ program: Program) {
    self.program = program
    nanoseconds = [Double](repeating: 0, count: max(program.instructions.count, 1))
  }

  /// The instructions in their order, each with its mean over the runs.
  public var entries: [Entry] {
    program.instructions.indices.map { index in
      let instruction = program.instructions[index]
      return Entry(
        text: program.text(instruction), primitive: instruction.primitive,
        isTiled: program.tileRange.contains(index), operations: program.operations(index),
        nanoseconds: nanoseconds[index] / Double(max(runs, 1)))
    }
  }
}

extension Instruction {
  /// What the instruction does, in a word or two.
  var primitive: String {
    switch self {
    case .gatherRows: "gather"
    case .random: "random"
    case .stridedCopy, .blockCopy, .fill: "copy"
    case .pack: "pack"
    case .product(let loop):
      switch loop.kernel {
      case .gemm: "gemm"
      case .gram: "gram"
      case .dotRows: "dot rows"
      }
    case .sum, .addInto: "sum"
    case .logSumExp: "logSumExp"
    case .matrices: "matrices"
    case .elementwise: "elementwise"
    case .store: "output"
    }
  }
}
