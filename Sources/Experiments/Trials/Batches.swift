import Randomness

/// Which training rows each step sees: every row once before any comes again, in a new random order each
/// epoch; a batch may run over from one epoch to the next.
struct Batches {
  /// How far the rows are dealt out.
  struct Place: Codable, Sendable {
    /// Epochs begun.
    var epoch: UInt64 = 0
    /// Rows of the current one that were given out.
    var position = 0
  }

  private let key: StreamKey
  private let rowCount: Int
  private var order: [Int32] = []
  /// Where the next batch begins.
  private(set) var place = Place()
  /// The rows of the current batch.
  private(set) var indices: [Int32]

  init(key: StreamKey, rowCount: Int, batch: Int) {
    precondition(rowCount > 0, "batches: no rows to draw from")
    self.key = key
    self.rowCount = rowCount
    indices = [Int32](repeating: 0, count: batch)
  }

  /// Goes on from where another run was; one epoch's order is drawn again.
  mutating func move(to place: Place) {
    self.place = place
    order = place.epoch == 0 ? [] : order(of: place.epoch - 1)
  }

  private func order(of epoch: UInt64) -> [Int32] {
    var generator = RandomGenerator(key, draw: epoch)
    return generator.permutation(of: rowCount)
  }

  /// Puts the next batch into ``indices``.
  mutating func advance() {
    for index in indices.indices {
      if place.position == order.count {
        order = order(of: place.epoch)
        place = Place(epoch: place.epoch + 1)
      }
      indices[index] = order[place.position]
      place.position += 1
    }
  }
}
