extension Reference {
  static func gemm<Scalar: KernelScalar>(
    _ m: Int, _ n: Int, _ k: Int, alpha: Scalar, _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>,
    beta: Scalar, into c: UnsafeMutablePointer<Scalar>, rowStride: Int,
    workspace: UnsafeMutablePointer<Scalar>
  ) {
    for row in 0..<m {
      for column in 0..<n {
        var sum: Scalar = 0
        for inner in 0..<k {
          sum +=
            a.pointer[row * a.rowStride + inner * a.columnStride]
            * b.pointer[inner * b.rowStride + column * b.columnStride]
        }
        let old = beta == 0 ? 0 : beta * c[row * rowStride + column]
        c[row * rowStride + column] = alpha * sum + old
      }
    }
  }

  static func gemmWorkspaceCount(_ m: Int, _ n: Int, _ k: Int) -> Int { 0 }
}
