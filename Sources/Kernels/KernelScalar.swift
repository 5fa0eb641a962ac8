/// A number type with vectorised kernels over raw memory: `Float` and `Double`.
///
/// Each requirement is a concrete entry point of this module, so a caller may be generic over
/// the scalar at the price of one indirect call per kernel. All counts and strides are in
/// elements; matrices are row-major unless they are a ``MatrixView``. No kernel allocates.
///
/// **Aliasing.** An output may be exactly one of the inputs (same address) in the elementwise
/// kernels; otherwise outputs and inputs must not overlap.
///
/// **Determinism.** The order of every sum depends on the counts alone, never on addresses or
/// time, and an element's value never on its position: an elementwise function gives the same
/// bits however a range is cut into calls.
public protocol KernelScalar: BinaryFloatingPoint, Codable, SIMDScalar, BitwiseCopyable, Sendable {
  // MARK: Matrix product

  /// The matrix product with scaling and accumulation.
  ///
  ///     C ← alpha · A B + beta · C
  ///
  /// When `beta` is 0, C is not read (it may hold NaN). When `k` is 0, A B is zero. Componentwise
  /// |error| ≤ (k + 2) eps (|alpha| |A||B| + |beta C|). The order in which an element is summed
  /// depends on k, on which strides are 1 and on whether m or n is at most 4, on nothing else:
  /// with more than 4 rows, a row has the same bits however many others there are.
  ///
  /// - Parameters:
  ///   - m: rows of A and C.
  ///   - n: columns of B and C.
  ///   - k: columns of A, rows of B.
  ///   - alpha: the factor of the product.
  ///   - a: A, [m, k].
  ///   - b: B, [k, n].
  ///   - beta: the factor of what C holds.
  ///   - c: C, [m, n], rows `rowStride` apart.
  ///   - rowStride: at least n.
  ///   - workspace: at least ``gemmWorkspaceCount(_:_:_:)`` scalars, for packed panels.
  /// - Complexity: 2 m n k operations.
  static func gemm(
    _ m: Int, _ n: Int, _ k: Int, alpha: Self, _ a: MatrixView<Self>, _ b: MatrixView<Self>,
    beta: Self, into c: UnsafeMutablePointer<Self>, rowStride: Int,
    workspace: UnsafeMutablePointer<Self>)

  /// How many scalars of workspace ``gemm(_:_:_:alpha:_:_:beta:into:rowStride:workspace:)``
  /// wants for these sizes; bounded whatever the sizes are, and monotone in each.
  static func gemmWorkspaceCount(_ m: Int, _ n: Int, _ k: Int) -> Int

  /// Scalars that B, [k, n], takes when packed.
  static func packedCount(_ k: Int, _ n: Int) -> Int

  /// Packs B, [k, n], for any number of products with it: into the micropanels that the innermost
  /// loop reads, in whatever order B lies.
  ///
  /// - Parameter packed: ``packedCount(_:_:)`` scalars.
  static func packColumns(
    _ k: Int, _ n: Int, _ b: MatrixView<Self>, into packed: UnsafeMutablePointer<Self>)

  /// The product with a B packed by ``packColumns(_:_:_:into:)``; otherwise as
  /// ``gemm(_:_:_:alpha:_:_:beta:into:rowStride:workspace:)``. An element is one chain of
  /// multiply-adds whatever m and n are.
  static func gemm(
    _ m: Int, _ n: Int, _ k: Int, alpha: Self, _ a: MatrixView<Self>,
    packed: UnsafePointer<Self>, beta: Self, into c: UnsafeMutablePointer<Self>, rowStride: Int,
    workspace: UnsafeMutablePointer<Self>)

  /// The product of a matrix with its own transpose, at half the arithmetic.
  ///
  ///     C ← A Aᵀ + beta · C
  ///
  /// C is symmetric before and after; each element has the bits of ``gemm`` of A and its transpose.
  ///
  /// - Parameters:
  ///   - m: rows of A, rows and columns of C.
  ///   - k: columns of A.
  ///   - workspace: ``gemmWorkspaceCount(_:_:_:)`` of m, m and k.
  /// - Complexity: m (m + 1) k operations, and what the tiles on the diagonal waste.
  static func gram(
    _ m: Int, _ k: Int, _ a: MatrixView<Self>, beta: Self, into c: UnsafeMutablePointer<Self>,
    rowStride: Int, workspace: UnsafeMutablePointer<Self>)

  // MARK: Elementwise

  /// y[i] = f(x[i]).
  ///
  /// Over the whole range, subnormal numbers, infinities and NaN included, the result is within
  /// this many units in the last place: 1/2 for reciprocal, square and square root; 1.1 for exp
  /// and log; 1.6 for log(1 + x), erf, sine and cosine; 2.1 for exp(x) - 1; 2.6 for tanh, sigmoid
  /// and softplus. Angles beyond 10⁵ (Float) or 10⁶ (Double) are left to the C library, one by
  /// one. The sign of zero is kept where the function is odd.
  static func apply(
    _ f: UnaryFunction, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, count: Int)

  /// z[i] = f(x[i], y[i]), correctly rounded but for ``BinaryFunction/power``, which is the C
  /// library's pow, one element at a time.
  static func apply(
    _ f: BinaryFunction, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>,
    into z: UnsafeMutablePointer<Self>, count: Int)

  /// z[i] = f(x[i], y), the second argument being one number.
  static func apply(
    _ f: BinaryFunction, _ x: UnsafePointer<Self>, scalar y: Self,
    into z: UnsafeMutablePointer<Self>, count: Int)

  /// z[i] = f(x, y[i]), the first argument being one number.
  static func apply(
    _ f: BinaryFunction, scalar x: Self, _ y: UnsafePointer<Self>,
    into z: UnsafeMutablePointer<Self>, count: Int)

  /// z[i] = mask[i] ≠ 0 ? a[i] : b[i]; a NaN in the mask counts as not 0.
  static func select(
    _ mask: UnsafePointer<Self>, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    into z: UnsafeMutablePointer<Self>, count: Int)

  /// w[i] = x[i] · y[i] + z[i], rounded once.
  static func multiplyAdd(
    _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>, _ z: UnsafePointer<Self>,
    into w: UnsafeMutablePointer<Self>, count: Int)

  /// w[i] = z + x[i] · y, or z - x[i] · y where `subtracted`, rounded once; y and z are arrays or
  /// numbers.
  static func multiplyAdd(
    _ x: UnsafePointer<Self>, _ y: KernelOperand<Self>, _ z: KernelOperand<Self>,
    subtracted: Bool, into w: UnsafeMutablePointer<Self>, count: Int)

  /// y[i] = log(1 + exp(x[i])) and z[i] = 1 / (1 + exp(-x[i])): the bits of
  /// ``UnaryFunction/softplus`` and ``UnaryFunction/sigmoid``, from one exponential.
  static func softplusAndSigmoid(
    _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>,
    _ z: UnsafeMutablePointer<Self>, count: Int)

  /// y[i] = value.
  static func fill(_ y: UnsafeMutablePointer<Self>, with value: Self, count: Int)

  /// y[i] = x[i], rounded to this type.
  static func convert(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Self>, count: Int)

  /// y[i] = x[i], exactly.
  static func convert(
    _ x: UnsafePointer<Self>, toDouble y: UnsafeMutablePointer<Double>, count: Int)

  /// y[i] = x[i].
  static func copy(_ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, count: Int)

  /// y[i] += x[i].
  static func addInto(_ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, count: Int)

  /// y[i] = factor · x[i].
  static func scale(
    _ x: UnsafePointer<Self>, by factor: Self, into y: UnsafeMutablePointer<Self>, count: Int)

  // MARK: Reductions

  /// Σ x[i]; 0 when there is no element.
  static func sum(_ x: UnsafePointer<Self>, count: Int) -> Self

  /// Σ x[i] y[i]; 0 when there is no element.
  static func dot(_ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>, count: Int) -> Self

  /// The largest x[i]; NaN if any is NaN, -∞ when there is no element.
  static func maximum(_ x: UnsafePointer<Self>, count: Int) -> Self

  /// y[r] = Σ_c x[r, c], added to what y holds when `accumulate` is true.
  ///
  /// - Parameters:
  ///   - x: [rows, columns], rows `rowStride` apart.
  ///   - y: [rows].
  static func sumRows(
    _ x: UnsafePointer<Self>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Self>, accumulate: Bool)

  /// y[c] = Σ_r x[r, c], added to what y holds when `accumulate` is true.
  ///
  /// - Parameters:
  ///   - x: [rows, columns], rows `rowStride` apart.
  ///   - y: [columns].
  static func sumColumns(
    _ x: UnsafePointer<Self>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Self>, accumulate: Bool)

  /// y[r] = Σ_c a[r, c] b[r, c], added to what y holds when `accumulate` is true.
  ///
  /// - Parameters:
  ///   - a: [rows, columns], rows `aStride` apart; 0 repeats one row.
  ///   - b: [rows, columns], rows `bStride` apart; 0 repeats one row.
  ///   - y: [rows].
  static func dotRows(
    _ a: UnsafePointer<Self>, rowStride aStride: Int, _ b: UnsafePointer<Self>,
    rowStride bStride: Int, rows: Int, columns: Int, into y: UnsafeMutablePointer<Self>,
    accumulate: Bool)

  /// y[r] = log Σ_c exp x[r, c], without overflow; -∞ for a row of -∞ or without columns,
  /// +∞ for a row with +∞, NaN for a row with NaN.
  ///
  /// - Parameters:
  ///   - x: [rows, columns], rows `rowStride` apart.
  ///   - y: [rows].
  static func logSumExpRows(
    _ x: UnsafePointer<Self>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Self>)

  /// y[r] = max_c x[r, c]; NaN for a row with NaN, -∞ without columns.
  ///
  /// - Parameters:
  ///   - x: [rows, columns], rows `rowStride` apart.
  ///   - y: [rows].
  static func maximumRows(
    _ x: UnsafePointer<Self>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Self>)

  // MARK: Square matrices

  /// B = A⁻¹, by elimination with partial pivoting.
  ///
  ///     A B = I
  ///
  /// Each column b of B has (A + D) b = e with |D| ≤ 3 n eps |L||U|, L and U the factors of A with its rows
  /// exchanged (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., theorem 9.4).
  /// Where A is singular some elements of B are not finite; where A holds a NaN, some are NaN.
  ///
  /// - Parameters:
  ///   - a: [n, n], dense.
  ///   - b: [n, n], dense.
  ///   - workspace: n² scalars.
  /// - Complexity: 8/3 n³ operations.
  static func invert(
    _ a: UnsafePointer<Self>, _ n: Int, into b: UnsafeMutablePointer<Self>,
    workspace: UnsafeMutablePointer<Self>)

  /// ln |det A|, the sum of the logarithms of the pivots that ``invert(_:_:into:workspace:)`` finds; -∞ or
  /// NaN where A is singular, NaN where it holds a NaN, 0 for n = 0.
  ///
  /// - Parameters:
  ///   - a: [n, n], dense.
  ///   - workspace: n² scalars.
  /// - Complexity: 2/3 n³ operations.
  static func logAbsoluteDeterminant(
    _ a: UnsafePointer<Self>, _ n: Int, workspace: UnsafeMutablePointer<Self>
  ) -> Self

  // MARK: Moving

  /// Copies a strided array into a dense row-major one.
  ///
  ///     destination[i₀, i₁, …] = source[i₀ · strides₀ + i₁ · strides₁ + …]
  ///
  /// A stride of 0 broadcasts, strides out of order transpose, a negative one reverses.
  ///
  /// - Parameters:
  ///   - extents: the shape of the destination, at most 8 axes; rank 0 copies one element.
  ///   - source: the address of the element with all indices 0.
  ///   - strides: as many as extents.
  ///   - destination: as many elements as the product of the extents.
  static func stridedCopy(
    extents: UnsafeBufferPointer<Int>, _ source: UnsafePointer<Self>,
    strides: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Self>)

  /// destination[i, ·] = source[indices[i], ·].
  ///
  /// - Parameters:
  ///   - source: [any, columns], dense.
  ///   - columns: the length of a row.
  ///   - indices: `count` row numbers, which the caller has checked.
  ///   - destination: [count, columns], dense.
  static func gatherRows(
    _ source: UnsafePointer<Self>, columns: Int, indices: UnsafePointer<Int32>, count: Int,
    into destination: UnsafeMutablePointer<Self>)
}

/// An argument of an elementwise kernel: as many numbers as the result has, or one for all.
public enum KernelOperand<Scalar: KernelScalar> {
  /// One number an element.
  case array(UnsafePointer<Scalar>)
  /// The same number for all.
  case number(Scalar)
}
