/// Matching one to one at the least total cost.
enum LeastCost {
  /// The column of each row.
  ///
  /// By shortest augmenting paths, row after row, with potentials that keep reduced costs from being
  /// negative.
  ///
  /// - Parameter cost: row-major, [n, n], finite.
  /// - Complexity: n³ comparisons.
  ///
  /// Reference: Jonker & Volgenant, Computing 38 (1987), 325-340.
  static func matching(_ cost: [Double], count n: Int) -> [Int] {
    precondition(cost.count == n * n, "matching: \(cost.count) costs, \(n) rows")
    // Row and column n stand for nothing: where a path begins.
    var rowOf = [Int](repeating: n, count: n + 1)
    var rowPotential = [Double](repeating: 0, count: n + 1)
    var columnPotential = [Double](repeating: 0, count: n + 1)
    for row in 0..<n {
      var distance = [Double](repeating: .infinity, count: n)
      var previous = [Int](repeating: n, count: n)
      var isDone = [Bool](repeating: false, count: n + 1)
      rowOf[n] = row
      var column = n
      repeat {
        isDone[column] = true
        let current = rowOf[column]
        var (nearest, gap) = (n, Double.infinity)
        for j in 0..<n where !isDone[j] {
          let reduced = cost[current * n + j] - rowPotential[current] - columnPotential[j]
          if reduced < distance[j] { (distance[j], previous[j]) = (reduced, column) }
          if distance[j] < gap || nearest == n { (gap, nearest) = (distance[j], j) }
        }
        for j in 0...n {
          if isDone[j] {
            rowPotential[rowOf[j]] += gap
            columnPotential[j] -= gap
          } else if j < n {
            distance[j] -= gap
          }
        }
        column = nearest
      } while rowOf[column] != n
      while column != n {
        let before = previous[column]
        rowOf[column] = rowOf[before]
        column = before
      }
    }
    var result = [Int](repeating: 0, count: n)
    for j in 0..<n { result[rowOf[j]] = j }
    return result
  }
}
