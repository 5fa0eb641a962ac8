/// Items that were not started, in their order, with the search for the first that is light enough.
///
/// A complete binary tree over the items keeps the least weight below each node.
struct PendingItems {
  /// The heaviest that an item may be.
  static let heaviest = Int.max - 1
  /// Stands for an item that is no longer there.
  private static let gone = Int.max

  private let leafCount: Int
  /// Nodes from the root at 1; the children of i are 2 i and 2 i + 1, the leaves come last.
  private var least: [Int]

  /// All items of these weights, 0 ... ``heaviest``.
  init(weights: [Int]) {
    var leafCount = 1
    while leafCount < weights.count { leafCount *= 2 }
    self.leafCount = leafCount
    least = [Int](repeating: Self.gone, count: 2 * leafCount)
    for (index, weight) in weights.enumerated() { least[leafCount + index] = weight }
    for node in (1..<leafCount).reversed() {
      least[node] = min(least[2 * node], least[2 * node + 1])
    }
  }

  /// Whether no item is left.
  var isEmpty: Bool { least[1] == Self.gone }

  /// The weight of an item that is still there.
  func weight(of item: Int) -> Int { least[leafCount + item] }

  /// The first item of at most this weight, nil where there is none.
  ///
  /// - Complexity: the logarithm of the number of items.
  func first(atMost limit: Int = heaviest) -> Int? {
    guard least[1] <= min(limit, Self.heaviest) else { return nil }
    var node = 1
    while node < leafCount { node = least[2 * node] <= limit ? 2 * node : 2 * node + 1 }
    return node - leafCount
  }

  /// Takes an item away.
  ///
  /// - Complexity: the logarithm of the number of items.
  mutating func remove(_ item: Int) {
    var node = leafCount + item
    least[node] = Self.gone
    while node > 1 {
      node /= 2
      least[node] = min(least[2 * node], least[2 * node + 1])
    }
  }
}
