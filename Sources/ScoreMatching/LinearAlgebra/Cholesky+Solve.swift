extension Cholesky {
  /// A⁻¹ b, by substitution.
  ///
  /// - Complexity: n² multiplications.
  public func solve(_ b: [Double]) -> [Double] {
    precondition(b.count == count, "cholesky: \(b.count) numbers for \(count) rows")
    var x = b
    for i in 0..<count {
      for k in 0..<i { x[i] -= lower[i * count + k] * x[k] }
      x[i] /= lower[i * count + i]
    }
    for i in (0..<count).reversed() {
      for k in (i + 1)..<max(count, i + 1) { x[i] -= lower[k * count + i] * x[k] }
      x[i] /= lower[i * count + i]
    }
    return x
  }
}
