extension Tensor {
  /// A value kept between steps: a parameter, a moment, a chain.
  public static func state(_ name: String, _ shape: Shape) -> Tensor {
    Tensor(raw: .input(Input(name: name, role: .state)), [], shape: checked(shape, "state"))
  }

  /// Data with one row per point along the first axis.
  public static func rows(_ name: String, _ shape: Shape) -> Tensor {
    require(!shape.isEmpty, "rows \(name): data need a row axis, found shape []")
    return Tensor(raw: .input(Input(name: name, role: .rows)), [], shape: checked(shape, "rows"))
  }

  /// A number given at each step: a noise scale, a learning rate.
  public static func scalar(_ name: String) -> Tensor {
    Tensor(raw: .input(Input(name: name, role: .scalar)), [], shape: [])
  }

  /// The same number everywhere.
  public static func fill(_ value: Double, _ shape: Shape = []) -> Tensor {
    Tensor(raw: .fill(value), [], shape: checked(shape, "fill"))
  }

  /// 0 everywhere.
  public static func zeros(_ shape: Shape) -> Tensor { fill(0, shape) }
  /// 1 everywhere.
  public static func ones(_ shape: Shape) -> Tensor { fill(1, shape) }

  /// Given numbers, row-major.
  public static func literal(_ values: [Double], _ shape: Shape) -> Tensor {
    require(
      values.count == shape.reduce(1, *), "literal: \(values.count) values for shape \(shape)")
    return Tensor(raw: .literal(values), [], shape: shape)
  }

  /// The identity matrix, [n, n].
  public static func delta(_ n: Int) -> Tensor {
    Tensor(raw: .delta, [], shape: checked([n, n], "delta"))
  }

  /// Random numbers, drawn anew at each step from the stream of this name.
  ///
  /// - Parameter rowAxis: the axis that runs over data rows, nil where there is none. A row's
  ///   numbers do not depend on how rows are cut into tiles.
  public static func random(
    _ law: RandomLeaf.Law, stream: String, _ shape: Shape, rowAxis: Int?
  ) -> Tensor {
    require(
      rowAxis.map { shape.indices.contains($0) } ?? true,
      "random \(stream): no axis \(String(describing: rowAxis)) in shape \(shape)")
    let leaf = RandomLeaf(law: law, stream: stream, rowAxis: rowAxis)
    return Tensor(raw: .random(leaf), [], shape: checked(shape, "random"))
  }

  private static func checked(_ shape: Shape, _ operation: String) -> Shape {
    require(shape.allSatisfy { $0 >= 0 }, "\(operation): negative extent in shape \(shape)")
    return shape
  }
}

extension Tensor: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// A scalar constant.
  public init(floatLiteral value: Double) { self = .fill(value) }
  /// A scalar constant.
  public init(integerLiteral value: Int) { self = .fill(Double(value)) }
}
