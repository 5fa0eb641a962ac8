extension ExponentialFamily {
  /// Why ∫ exp θᵀT(x) dx over the whole space is infinite, a clause.
  ///
  /// Along each coordinate the highest power decides: a negative coefficient of xᵢ⁴ bounds everything
  /// beside it, a positive one nothing; xᵢ³ without xᵢ⁴ grows on one side. What is left must fall by its
  /// squares, which is what a negative-definite matrix of products says, or, without any, faster than it
  /// rises: bᵢ + |aᵢ| < 0 for aᵢ xᵢ + bᵢ ln cosh xᵢ.
  ///
  /// - Returns: nil where it is finite; where the matrix is singular to rounding; and with statistics that
  ///   exist for positive coordinates alone.
  /// - Complexity: K, and with products the eigenvalues of a [d, d] matrix.
  public func normaliserDefect(at values: [[Double]]) -> String? {
    let theta = values.first ?? []
    guard theta.count == parameterCount, theta.allSatisfy(\.isFinite),
      !statistics.contains(where: \.needsPositive)
    else { return nil }
    let parts = Parts(self, theta)
    let open = (0..<dimension).filter { parts.fourth[$0] == 0 }
    for i in 0..<dimension where parts.fourth[i] > 0 {
      return "it grows with x[\(i)]^4, whose parameter is \(parts.fourth[i])"
    }
    for i in open where parts.third[i] != 0 {
      return "it grows with x[\(i)]^3, whose parameter is \(parts.third[i]), and no x^4 bounds it"
    }
    guard statistics.contains(.products) else { return parts.defectWithoutProducts(open) }
    let matrix = open.flatMap { i in open.map { parts.quadratic[i * dimension + $0] } }
    guard Cholesky(matrix.map { -$0 }, count: open.count) == nil else { return nil }
    let eigenvalues = SymmetricEigen(matrix, count: open.count).values
    let largest = eigenvalues.map(\.magnitude).max() ?? 0
    guard let first = eigenvalues.first, first > 1e-12 * largest else { return nil }
    return "it grows along an eigenvector of its products, whose eigenvalue is \(first)"
  }

  /// The coefficients by what they multiply, one for each coordinate; 0 for what the family has not.
  private struct Parts {
    var first: [Double]
    var third: [Double]
    var fourth: [Double]
    var logCosh: [Double]
    /// The symmetric matrix of the form, row-major, [d, d].
    var quadratic: [Double]

    init(_ family: ExponentialFamily, _ theta: [Double]) {
      let d = family.dimension
      let zeros = [Double](repeating: 0, count: d)
      (first, third, fourth, logCosh) = (zeros, zeros, zeros, zeros)
      quadratic = [Double](repeating: 0, count: d * d)
      var start = 0
      for statistic in family.statistics {
        let count = statistic.count(dimension: d)
        let part = Array(theta[start..<start + count])
        start += count
        switch statistic {
        case .linear: first = part
        case .cube: third = part
        case .fourthPower: fourth = part
        case .logCosh: logCosh = part
        case .square: for i in 0..<d { quadratic[i * d + i] = part[i] }
        case .products:
          var place = 0
          for i in 0..<d {
            for j in i..<d {
              let value = i == j ? part[place] : part[place] / 2
              (quadratic[i * d + j], quadratic[j * d + i]) = (value, value)
              place += 1
            }
          }
        case .logarithm, .squareRoot: break
        }
      }
    }

    /// Each coordinate by itself.
    func defectWithoutProducts(_ open: [Int]) -> String? {
      let d = first.count
      for i in open {
        let square = quadratic[i * d + i]
        if square > 0 { return "it grows with x[\(i)]^2, whose parameter is \(square)" }
        if square == 0, logCosh[i] + first[i].magnitude >= 0 {
          return "nothing makes it fall along x[\(i)]"
        }
      }
      return nil
    }
  }
}
