/// A number of elements that may be proportional to the rows of the tile at hand: count · rowsᵖ.
struct Size: Hashable, Sendable {
  var count: Int
  /// p above: 0, or 1 where it is proportional to the rows.
  var power: Int

  init(_ count: Int, power: Int = 0) {
    self.count = count
    self.power = power
  }

  /// The rows themselves.
  static let rows = Size(1, power: 1)
  static let one = Size(1)
  static let zero = Size(0)

  func value(_ rows: Int) -> Int { power == 0 ? count : count * rows }

  static func * (left: Size, right: Size) -> Size {
    Size(left.count * right.count, power: left.power + right.power)
  }
}

extension Sequence<Size> {
  var product: Size { reduce(.one, *) }
}

/// The strides of a dense row-major array.
func denseStrides(_ extents: [Size]) -> [Size] {
  var strides = [Size](repeating: .one, count: extents.count)
  for axis in extents.indices.dropLast().reversed() {
    strides[axis] = strides[axis + 1] * extents[axis + 1]
  }
  return strides
}

/// Merges neighbouring axes that every array runs through as one: fewer, longer loops.
///
/// - Parameters:
///   - extents: the loop's extents, outermost first.
///   - strides: for each array its stride along each axis.
/// - Returns: the merged extents and strides; extents of 1 are gone.
func merged(_ extents: [Size], _ strides: [[Size]]) -> (extents: [Size], strides: [[Size]]) {
  var kept: [Size] = []
  var keptStrides = strides.map { _ in [Size]() }
  for axis in extents.indices where extents[axis] != .one {
    let inner = extents[axis]
    let mergeable =
      kept.isEmpty
      ? false
      : strides.indices.allSatisfy { array in
        let own = strides[array][axis]
        let outer = keptStrides[array][keptStrides[array].count - 1]
        return own.count == 0 ? outer.count == 0 : outer == own * inner
      }
    if mergeable {
      kept[kept.count - 1] = kept[kept.count - 1] * inner
      for array in strides.indices {
        keptStrides[array][keptStrides[array].count - 1] = strides[array][axis]
      }
    } else {
      kept.append(inner)
      for array in strides.indices { keptStrides[array].append(strides[array][axis]) }
    }
  }
  return (kept, keptStrides)
}
