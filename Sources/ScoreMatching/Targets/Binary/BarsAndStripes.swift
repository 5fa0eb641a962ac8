import Expressions
import Randomness
import Settings

/// Square images whose rows, or whose columns, are each all 0 or all 1.
///
/// Rows or columns are chosen with equal chance, then each of them is on or off with equal chance: 2^(side + 1) - 2
/// images, of which the two of one colour are twice as likely as the others.
///
/// Reference: MacKay, Information Theory, Inference, and Learning Algorithms, 2003, chapter 43.
public struct BarsAndStripes: BinaryData {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "bars-and-stripes", "images of bits whose rows, or whose columns, are of one colour each",
    [
      Setting("side", .integer(1...12), default: .number(3), unit: "pixels", "rows and columns")
    ] + Targets.counts)

  /// Rows and columns of an image.
  public let side: Int

  /// The images that the value of `data` describes.
  public init(_ settings: SettingValue) { self.init(side: settings.integer("side")) }

  /// Images of so many rows and columns.
  public init(side: Int) { self.side = side }

  public var dimension: Int { side * side }

  /// -∞ at what is no such image.
  ///
  /// - Complexity: 2^(side + 1) images, each compared with each point.
  public func logDensity(_ x: Tensor) -> Tensor {
    let count = 1 << side
    let lines = (0..<count).map { state in (0..<side).map { Double(state >> $0 & 1) } }
    let images =
      lines.flatMap { line in line.flatMap { [Double](repeating: $0, count: side) } }
      + lines.flatMap { line in (0..<side).flatMap { _ in line } }
    let all = Tensor.literal(images, [2 * count, dimension])
    // How many bits differ: sum x + sum y - 2 x y.
    let differing =
      sum(x, axes: [-1]).column + sum(all, axes: [-1]) - 2 * matmul(x, transpose(all))
    let logs = select(less(differing, 0.5), 0, Tensor.fill(-.infinity, differing.shape))
    return logSumExp(logs) - .fill(Double(side + 1) * Real.log(2))
  }

  public func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    (0..<count).flatMap { _ in
      let isRows = generator.uniform() < 0.5
      let line = (0..<side).map { _ in generator.uniform() < 0.5 ? 0.0 : 1.0 }
      return (0..<dimension).map { line[isRows ? $0 / side : $0 % side] }
    }
  }
}
