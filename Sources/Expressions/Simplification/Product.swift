/// One factor of a product: a tensor and a label for each of its axes.
struct Term {
  var tensor: Tensor
  var labels: [Int]

  init(_ tensor: Tensor, _ labels: [Int]) {
    self.tensor = tensor
    self.labels = labels
  }

  /// `tensor` as a factor of a product of `shape` with `labels`: axes that it would only be
  /// repeated along are dropped.
  static func aligned(_ tensor: Tensor, _ labels: [Int], _ shape: Shape) -> [Term] {
    let offset = shape.count - tensor.rank
    let kept = tensor.shape.indices.filter { tensor.shape[$0] != 1 || shape[$0 + offset] == 1 }
    return [Term(tensor.reshape(kept.map { tensor.shape[$0] }), kept.map { labels[$0 + offset] })]
  }
}

/// A sum of products before it becomes nodes: `result[output] = Σ Π terms`, over labels not in the
/// output.
///
/// Building it does the algebra that makes exact traces cheap: constants come out, a Kronecker
/// delta renames a summed label, repeated axes are never spread out, and products nested in factors
/// that carry a delta are merged, so that a basis tangent through a linear layer is a row of its
/// weight.
struct Product {
  private var terms: [Term]
  private let output: [Int]
  private var extents: [Int: Int] = [:]
  private var factor = 1.0
  /// The labels to sum over. Kept from the start: a simplified term may have lost one, whose sum
  /// still repeats the product.
  private var summed: Set<Int> = []
  private var eliminatedDelta = false

  init(_ terms: [Term], output: [Int], extents shape: Shape? = nil) {
    self.terms = terms
    self.output = output
    for (label, extent) in (shape ?? []).enumerated() { extents[label] = extent }
    learn()
  }

  init(_ terms: [Term], output: [Int], extents: [Int: Int]) {
    self.terms = terms
    self.output = output
    self.extents = extents
    learn()
  }

  private mutating func learn() {
    require(
      Set(output).count == output.count,
      "contraction: a label twice in the result, shapes \(terms.map(\.tensor.shape))")
    for term in terms { learnExtents(term) }
    summed = Set(terms.flatMap(\.labels)).subtracting(output)
  }

  private mutating func learnExtents(_ term: Term) {
    for (label, extent) in zip(term.labels, term.tensor.shape) {
      require(
        extents[label, default: extent] == extent,
        "contraction: extents \(extents[label, default: -1]) and \(extent) under one label, "
          + "shapes \(terms.map(\.tensor.shape))")
      extents[label] = extent
    }
  }

  private func shape(_ labels: [Int]) -> Shape { labels.map { extents[$0] ?? 1 } }

  private var nextLabel: Int { (extents.keys.max() ?? -1) + 1 }

  func tensor() -> Tensor {
    var product = self
    return product.build()
  }

  private mutating func build() -> Tensor {
    var index = 0
    while index < terms.count {
      if let sum = distributed(at: index) { return sum }
      if simplify(at: index) { index = 0 } else { index += 1 }
    }
    if factor == 0 { return .zeros(shape(output)) }
    let present = Set(terms.flatMap(\.labels))
    // A summed label that no factor has left: the sum repeats the same product.
    for label in summed.subtracting(present).sorted() { factor *= Double(extents[label] ?? 1) }
    let kept = output.filter(present.contains)
    if terms.isEmpty { return .fill(factor, shape(output)) }
    let core = ContractionOrder(extents: extents)
      .cheapest(terms, output: kept, mayMergeChains: eliminatedDelta)
    let spread = core.reshape(output.map { present.contains($0) ? extents[$0] ?? 1 : 1 })
      .broadcast(to: shape(output))
    return factor == 1 ? spread : spread * .fill(factor)
  }

  /// One simplification of the term at `index`; false where there is none.
  private mutating func simplify(at index: Int) -> Bool {
    let term = terms[index]
    let tensor = term.tensor
    switch tensor.primitive {
    case .fill(let value):
      factor *= value
      terms.remove(at: index)
    case .elementary(.negate):
      factor = -factor
      terms[index].tensor = tensor.operands[0]
    case .delta:
      return eliminate(deltaAt: index)
    case .broadcast:
      terms.replaceSubrange(
        index...index, with: Term.aligned(tensor.operands[0], term.labels, tensor.shape))
    case .reshape where tensor.operands[0].primitive == .elementary(.negate):
      factor = -factor
      terms[index].tensor = tensor.operands[0].operands[0].reshape(tensor.shape)
    case .reshape:
      guard let view = withoutUnitAxes(term) else { return dropUnitAxes(at: index) }
      terms[index] = view
    case .binary(.multiply)
    where tensor.carriesDelta || tensor.operands.contains { $0.fillValue != nil }:
      terms.replaceSubrange(
        index...index,
        with: tensor.operands.flatMap { Term.aligned($0, term.labels, tensor.shape) })
    case .contraction(let contraction) where tensor.carriesDelta:
      let inner = inlined(contraction, term)
      terms.replaceSubrange(index...index, with: inner)
    default:
      return dropUnitAxes(at: index)
    }
    return true
  }

  /// A sum over one element is no sum, and a product over one an elementwise product; false where
  /// the term has no axis of extent 1.
  private mutating func dropUnitAxes(at index: Int) -> Bool {
    let term = terms[index]
    let kept = term.tensor.shape.indices.filter { term.tensor.shape[$0] != 1 }
    guard kept.count < term.tensor.rank else { return false }
    terms[index] = Term(
      term.tensor.reshape(kept.map { term.tensor.shape[$0] }), kept.map { term.labels[$0] })
    return true
  }

  /// δ_ij with a summed label renames it to the other one; δ_ii is 1.
  private mutating func eliminate(deltaAt index: Int) -> Bool {
    let (i, j) = (terms[index].labels[0], terms[index].labels[1])
    if i == j {
      terms.remove(at: index)
      return true
    }
    guard summed.contains(i) || summed.contains(j) else { return false }
    let (old, new) = summed.contains(j) ? (j, i) : (i, j)
    terms.remove(at: index)
    for position in terms.indices {
      terms[position].labels = terms[position].labels.map { $0 == old ? new : $0 }
    }
    summed.remove(old)
    eliminatedDelta = true
    return true
  }

  /// The term under a reshape that only puts in or takes out axes of extent 1; nil for any other.
  private func withoutUnitAxes(_ term: Term) -> Term? {
    let inner = term.tensor.operands[0]
    guard inner.shape.filter({ $0 != 1 }) == term.tensor.shape.filter({ $0 != 1 }) else {
      return nil
    }
    let kept = zip(term.labels, term.tensor.shape).filter { $0.1 != 1 }.map(\.0)
    let view = Term(inner.reshape(inner.shape.filter { $0 != 1 }), kept)
    return view.tensor == term.tensor ? nil : view
  }

  /// The factors of a contraction that is itself a factor, its summed labels renamed apart.
  private mutating func inlined(_ contraction: Contraction, _ term: Term) -> [Term] {
    var names: [Int: Int] = [:]
    for (inner, outer) in zip(contraction.output, term.labels) { names[inner] = outer }
    var factors: [Term] = []
    for (operand, labels) in zip(term.tensor.operands, contraction.operands) {
      for label in labels where names[label] == nil {
        let fresh = nextLabel
        names[label] = fresh
        extents[fresh] = operand.shape[labels.firstIndex(of: label) ?? 0]
        summed.insert(fresh)
      }
      factors.append(Term(operand, labels.map { names[$0] ?? $0 }))
    }
    return factors
  }

  /// A sum with a delta in one of its parts, or of which the diagonal is taken, as the sum of the
  /// products; nil for any other term.
  private func distributed(at index: Int) -> Tensor? {
    let term = terms[index]
    // A diagonal goes into the parts too: none of them is then computed off the diagonal.
    let splits = term.tensor.carriesDelta || Set(term.labels).count < term.labels.count
    let function: BinaryFunction
    switch term.tensor.primitive {
    case .binary(.add) where splits: function = .add
    case .binary(.subtract) where splits: function = .subtract
    default: return nil
    }
    let parts = term.tensor.operands.map { part in
      var product = self
      product.terms.replaceSubrange(
        index...index, with: Term.aligned(part, term.labels, term.tensor.shape))
      return product.tensor()
    }
    return .binary(function, parts[0], parts[1])
  }
}
