extension Tensor {
  /// The same numbers, row-major, under another shape of as many elements; stops the process
  /// otherwise.
  public func reshape(_ shape: Shape) -> Tensor {
    require(
      shape.reduce(1, *) == elementCount,
      "reshape: shape \(self.shape) has not the size of \(shape)")
    if shape == self.shape { return self }
    switch primitive {
    case .fill(let value): return .fill(value, shape)
    case .literal(let values): return .literal(values, shape)
    case .reshape: return operands[0].reshape(shape)
    default: return Tensor(raw: .reshape, [self], shape: shape)
    }
  }

  /// Repeated along axes that are absent on the left or have extent 1; stops the process where the
  /// shapes do not fit. Costs nothing until somebody needs it dense.
  public func broadcast(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    require(
      broadcastShape(self.shape, shape, "broadcast") == shape,
      "broadcast: shape \(self.shape) does not broadcast to \(shape)")
    switch primitive {
    case .fill(let value): return .fill(value, shape)
    case .broadcast: return operands[0].broadcast(to: shape)
    default: return Tensor(raw: .broadcast, [self], shape: shape)
    }
  }

  /// With an axis of extent 1 put in before `axis` (rank puts it last).
  public func expanded(at axis: Int) -> Tensor {
    require((0...rank).contains(axis), "expanded: no place \(axis) in shape \(shape)")
    var shape = shape
    shape.insert(1, at: axis)
    return reshape(shape)
  }

  /// Entries of one axis; a negative axis counts from the end.
  public func slice(axis: Int, _ range: Range<Int>) -> Tensor {
    let index = axis < 0 ? axis + rank : axis
    require(
      shape.indices.contains(index) && range.lowerBound >= 0 && range.upperBound <= shape[index],
      "slice: \(range) of axis \(axis) of shape \(shape)")
    if range == 0..<shape[index] { return self }
    var result = shape
    result[index] = range.count
    if let value = fillValue { return .fill(value, result) }
    return Tensor(
      raw: .slice(axis: index - rank, lower: range.lowerBound, upper: range.upperBound), [self],
      shape: result)
  }

  /// Zeros put before and after along one axis; a negative axis counts from the end.
  public func padded(axis: Int, before: Int, after: Int) -> Tensor {
    let index = axis < 0 ? axis + rank : axis
    require(
      shape.indices.contains(index) && before >= 0 && after >= 0,
      "pad: \(before) and \(after) on axis \(axis) of shape \(shape)")
    if before == 0, after == 0 { return self }
    var result = shape
    result[index] += before + after
    if fillValue == 0 { return .zeros(result) }
    return Tensor(
      raw: .pad(axis: index - rank, before: before, after: after), [self], shape: result)
  }
}

/// Tensors one after the other along an axis; a negative axis counts from the end.
public func concatenate(_ parts: [Tensor], axis: Int) -> Tensor {
  guard let first = parts.first else { fatalError("concatenate: no parts") }
  if parts.count == 1 { return first }
  let index = axis < 0 ? axis + first.rank : axis
  var shape = first.shape
  require(shape.indices.contains(index), "concatenate: no axis \(axis) in shape \(shape)")
  shape[index] = 0
  for part in parts {
    var fitted = part.shape
    require(part.rank == first.rank, "concatenate: shapes \(first.shape) and \(part.shape)")
    fitted[index] = first.shape[index]
    require(fitted == first.shape, "concatenate: shapes \(first.shape) and \(part.shape)")
    shape[index] += part.shape[index]
  }
  return Tensor(raw: .concatenate(axis: index - first.rank), parts, shape: shape)
}

/// ln Σ exp over the last axis, stable: [..., k] → [...].
public func logSumExp(_ x: Tensor) -> Tensor {
  require(x.rank > 0, "logSumExp: a scalar has no last axis")
  return Tensor(raw: .logSumExp, [x], shape: Array(x.shape.dropLast()))
}
