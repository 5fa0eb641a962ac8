/// What a node of an expression computes from its operands.
///
/// Each interpretation (shape, evaluate, tangent, cotangent, print) is one exhaustive switch over
/// these cases, so a new primitive does not compile until each has its line.
public enum Primitive: Sendable, Hashable {
  // Leaves.
  case input(Input)
  /// A bound variable of a transformation; never left in a finished expression.
  case variable(UInt64)
  /// The same number everywhere.
  case fill(Double)
  /// Given numbers, row-major.
  case literal([Double])
  /// The Kronecker delta, [n, n].
  case delta
  case random(RandomLeaf)

  // Elementwise, operands broadcast against each other from the last axis on.
  case elementary(ElementaryFunction)
  case binary(BinaryFunction)
  /// (condition, a, b): a where the condition is not 0, else b.
  case select

  /// Sums of products over shared labels.
  case contraction(Contraction)
  /// ln Σ exp over the last axis, which goes.
  case logSumExp
  /// The inverse of each square matrix over the last two axes.
  case inverse
  /// ln |det| of each square matrix over the last two axes, which go.
  case logAbsoluteDeterminant

  // Shape.
  case broadcast
  case reshape
  /// Entries lower ..< upper of an axis counted from the end (-1 is the last).
  case slice(axis: Int, lower: Int, upper: Int)
  /// Operands one after the other along an axis counted from the end.
  case concatenate(axis: Int)
  /// Zeros before and after along an axis counted from the end.
  case pad(axis: Int, before: Int, after: Int)

  /// The operand, a constant to every derivative.
  case stopGradient
}

/// A named value that a program is given when it runs.
public struct Input: Sendable, Hashable {
  /// How a program comes by the value.
  public enum Role: Sendable, Hashable {
    /// Kept between steps; a step may assign it.
    case state
    /// One row per data point along the first axis; evaluated tile by tile.
    case rows
    /// A number that may change at each step.
    case scalar
  }

  /// The name that the value is given by; one name and role have one shape in a program.
  public let name: String
  /// How a program comes by the value.
  public let role: Role
}

/// Random numbers drawn anew at each step.
public struct RandomLeaf: Sendable, Hashable {
  /// The distribution, independent from element to element.
  public enum Law: Int, Sendable, Hashable, CaseIterable {
    /// Open interval (0, 1).
    case uniform
    /// N(0, 1).
    case normal
    /// ±1 with equal chance.
    case rademacher
  }

  /// The distribution of each element.
  public let law: Law
  /// The stream's name; its key is given to the program. Two leaves of one stream and one shape are
  /// one draw.
  public let stream: String
  /// The axis that runs over data rows, nil where there is none.
  public let rowAxis: Int?
}

/// Functions of one number, applied to each element.
public enum ElementaryFunction: Int, Sendable, Hashable, CaseIterable {
  case negate, absolute, sign, reciprocal, square, squareRoot
  case exp, expMinusOne, log, logOnePlus
  case tanh, sigmoid, softplus
  case erf, sine, cosine
}

/// Functions of two numbers, applied to each pair of elements; comparisons give 0 or 1.
public enum BinaryFunction: Int, Sendable, Hashable, CaseIterable {
  case add, subtract, multiply, divide
  case minimum, maximum, power
  case less, lessOrEqual, equal
}

/// The labels of a sum of products, as in einsum: `result[output] = Σ Π operand_k[operands_k]`,
/// summed over every label that is not in the output.
public struct Contraction: Sendable, Hashable {
  /// One label for each axis of each operand; a label twice in one operand is its diagonal.
  public let operands: [[Int]]
  /// The labels of the result's axes, each at most once.
  public let output: [Int]

  /// Labels as given; that extents agree is checked where operands are joined to them.
  public init(_ operands: [[Int]], output: [Int]) {
    self.operands = operands
    self.output = output
  }

  /// The same contraction with labels renamed in the order of their first appearance.
  func canonical() -> Contraction {
    var names: [Int: Int] = [:]
    func name(_ label: Int) -> Int {
      if let known = names[label] { return known }
      names[label] = names.count
      return names.count - 1
    }
    return Contraction(operands.map { $0.map(name) }, output: output.map(name))
  }
}
