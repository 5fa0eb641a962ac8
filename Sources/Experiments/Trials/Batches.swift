import Randomness

/// Which training rows each step sees: every row once before any comes again, in a new random order each
/// epoch; a batch may run over from one epoch to the next.
struct Batches {
  private let key: StreamKey
  private let rowCount: Int
  private var order: [Int32] = []
  private var position = 0
  private var epoch: UInt64 = 0
  /// The rows of the current batch.
  private(set) var indices: [Int32]

  init(key: StreamKey, rowCount: Int, batch: Int) {
    precondition(rowCount > 0, "batches: no rows to draw from")
    self.key = key
    self.rowCount = rowCount
    indices = [Int32](repeating: 0, count: batch)
  }

  /// Puts the next batch into ``indices``.
  mutating func advance() {
    for place in indices.indices {
      if position == order.count {
        var generator = RandomGenerator(key, draw: epoch)
        order = generator.permutation(of: rowCount)
        position = 0
        epoch += 1
      }
      indices[place] = order[position]
      position += 1
    }
  }
}
