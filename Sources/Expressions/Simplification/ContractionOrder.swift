/// Turns a product of many factors into pairwise contractions in the cheapest order.
struct ContractionOrder {
  let extents: [Int: Int]

  /// More factors than this are contracted in the order of a greedy search.
  private static let exhaustiveLimit = 8

  private func size(_ labels: some Sequence<Int>) -> Double {
    labels.reduce(1) { $0 * Double(extents[$1] ?? 1) }
  }

  /// The product as nodes.
  ///
  /// - Parameter mayMergeChains: products nested in the factors may be taken apart too, where the
  ///   multiplications counted say that another order over all of them is cheaper. This is what
  ///   makes the exact trace tr(W3 D2 W2 D1 W1) of a score network cost O(h²) a row: W1 W3 first,
  ///   once.
  func cheapest(_ terms: [Term], output: [Int], mayMergeChains: Bool) -> Tensor {
    let plain = plan(terms, output: output)
    guard mayMergeChains else { return plain.tensor() }
    var merged = self
    var chain = ChainMerger(extents: extents)
    let factors = terms.flatMap { chain.factors(of: $0) }
    guard factors.count > terms.count, factors.count <= Self.exhaustiveLimit else {
      return plain.tensor()
    }
    merged = ContractionOrder(extents: chain.extents)
    let alternative = merged.plan(factors, output: output)
    guard alternative.cost < plain.cost + chain.nestedCost else { return plain.tensor() }
    return chain.constant == 1
      ? alternative.tensor() : alternative.tensor() * .fill(chain.constant)
  }

  /// A tree of pairwise contractions and the multiplications it takes.
  indirect enum Tree {
    case leaf(Term)
    case pair(Tree, Tree, output: [Int], cost: Double)

    var cost: Double {
      switch self {
      case .leaf: 0
      case .pair(let left, let right, _, let cost): left.cost + right.cost + cost
      }
    }

    var labels: [Int] {
      switch self {
      case .leaf(let term): term.labels
      case .pair(_, _, let output, _): output
      }
    }

    func tensor() -> Tensor {
      switch self {
      case .leaf(let term): term.tensor
      case .pair(let left, let right, let output, _):
        Tensor.contraction(
          [Term(left.tensor(), left.labels), Term(right.tensor(), right.labels)], output: output)
      }
    }
  }

  struct Plan {
    let tree: Tree
    let output: [Int]
    var cost: Double { tree.cost }

    /// The root contraction carries the output's order itself; a lone factor is permuted or summed.
    func tensor() -> Tensor {
      switch tree {
      case .leaf(let term): Tensor.contraction([term], output: output)
      case .pair: tree.tensor()
      }
    }
  }

  func plan(_ terms: [Term], output: [Int]) -> Plan {
    let tree =
      terms.count <= Self.exhaustiveLimit
      ? exhaustive(terms, output: output) : greedy(terms, output: output)
    return Plan(tree: tree, output: output)
  }

  /// The labels that stay after some factors are multiplied: those that the output or another
  /// factor has.
  private func remaining(_ inside: [Int], outside: Set<Int>) -> [Int] {
    var seen: Set<Int> = []
    return inside.filter { outside.contains($0) && seen.insert($0).inserted }
  }

  private func join(_ left: Tree, _ right: Tree, keeping outside: Set<Int>, last: [Int]?) -> Tree {
    let union = left.labels + right.labels
    let kept = last ?? remaining(union, outside: outside)
    // A product without a sum is computed elementwise, in an order that both factors agree on.
    let isElementwise = last == nil && kept.count == Set(union).count
    let order = isElementwise ? Self.commonOrder(left.labels, right.labels) ?? kept : kept
    return .pair(left, right, output: order, cost: size(Set(union)))
  }

  /// An order of all labels that keeps those of each factor in theirs; nil where they contradict.
  private static func commonOrder(_ left: [Int], _ right: [Int]) -> [Int]? {
    var (left, right) = (left[...], right[...])
    var order: [Int] = []
    while let next = left.first ?? right.first {
      if left.first == right.first {
        order.append(next)
        left.removeFirst()
        right.removeFirst()
      } else if let own = left.first, !right.contains(own) {
        order.append(left.removeFirst())
      } else if let own = right.first, !left.contains(own) {
        order.append(right.removeFirst())
      } else {
        return nil
      }
    }
    return Set(order).count == order.count ? order : nil
  }

  /// The best tree over every split of every subset of the factors.
  private func exhaustive(_ terms: [Term], output: [Int]) -> Tree {
    let count = terms.count
    var best = [Tree?](repeating: nil, count: 1 << count)
    for (index, term) in terms.enumerated() { best[1 << index] = .leaf(term) }
    for subset in 1..<(1 << count) where best[subset] == nil {
      var outside = Set(output)
      for (index, term) in terms.enumerated() where subset & (1 << index) == 0 {
        outside.formUnion(term.labels)
      }
      let last = subset == (1 << count) - 1 ? output : nil
      var part = (subset - 1) & subset
      while part > 0 {
        let rest = subset & ~part
        if part > rest, let left = best[part], let right = best[rest] {
          // The factor given first stands first, so that equal products are equal expressions.
          let swapped = part.trailingZeroBitCount > rest.trailingZeroBitCount
          let tree = join(
            swapped ? right : left, swapped ? left : right, keeping: outside, last: last)
          if let known = best[subset], known.cost <= tree.cost {} else { best[subset] = tree }
        }
        part = (part - 1) & subset
      }
    }
    guard let tree = best[(1 << count) - 1] else { fatalError("contraction: no factors") }
    return tree
  }

  private func greedy(_ terms: [Term], output: [Int]) -> Tree {
    var trees = terms.map(Tree.leaf)
    while trees.count > 1 {
      var choice: (cost: Double, left: Int, right: Int)?
      for left in trees.indices {
        for right in (left + 1)..<max(trees.count, left + 1) {
          let cost = size(Set(trees[left].labels + trees[right].labels))
          if cost < choice?.cost ?? .infinity { choice = (cost, left, right) }
        }
      }
      guard let (_, left, right) = choice else { break }
      var outside = Set(output)
      for (index, tree) in trees.enumerated() where index != left && index != right {
        outside.formUnion(tree.labels)
      }
      let joined = join(
        trees[left], trees[right], keeping: outside, last: trees.count == 2 ? output : nil)
      trees.remove(at: right)
      trees[left] = joined
    }
    return trees[0]
  }
}

/// Takes products nested in a factor apart, as far as they are products.
struct ChainMerger {
  var extents: [Int: Int]
  /// Multiplications that the nested products take as they stand.
  var nestedCost = 0.0
  /// What the factors are to be multiplied by beside each other.
  var constant = 1.0

  mutating func factors(of term: Term) -> [Term] {
    switch term.tensor.primitive {
    case .fill(let value) where term.labels.isEmpty:
      constant *= value
      return []
    case .binary(.multiply):
      nestedCost += Double(term.tensor.elementCount)
      var result: [Term] = []
      for operand in term.tensor.operands {
        for part in Term.aligned(operand, term.labels, term.tensor.shape) {
          result += factors(of: part)
        }
      }
      return result
    case .reshape, .broadcast:
      let inner = term.tensor.operands[0]
      guard inner.shape.filter({ $0 != 1 }) == term.tensor.shape.filter({ $0 != 1 }) else {
        return [term]
      }
      let kept = zip(term.labels, term.tensor.shape).filter { $0.1 != 1 }.map(\.0)
      let view = Term(inner.reshape(inner.shape.filter { $0 != 1 }), kept)
      return view.tensor == term.tensor ? [term] : factors(of: view)
    case .contraction(let contraction) where contraction.operands.count == 2:
      var names: [Int: Int] = [:]
      for (inner, outer) in zip(contraction.output, term.labels) { names[inner] = outer }
      var result: [Term] = []
      var touched: [Int: Int] = [:]
      for (operand, labels) in zip(term.tensor.operands, contraction.operands) {
        for (label, extent) in zip(labels, operand.shape) {
          touched[label] = extent
          guard names[label] == nil else { continue }
          let fresh = (extents.keys.max() ?? -1) + 1
          names[label] = fresh
          extents[fresh] = extent
        }
        let part = Term(operand, labels.map { names[$0] ?? $0 })
        result += factors(of: part)
      }
      nestedCost += touched.values.reduce(1) { $0 * Double($1) }
      return result
    default:
      return [term]
    }
  }
}

extension Tensor {
  /// One contraction node of one or two factors; a product without sums becomes a multiplication,
  /// which fuses with its neighbours.
  static func contraction(_ terms: [Term], output: [Int]) -> Tensor {
    if terms.count == 1, terms[0].labels == output { return terms[0].tensor }
    if terms.count == 2 {
      // A factor without axes multiplies what is left.
      if let index = terms.firstIndex(where: { $0.labels.isEmpty }) {
        return contraction([terms[1 - index]], output: output) * terms[index].tensor
      }
      // What one factor alone sums over is summed before it is multiplied.
      for index in terms.indices {
        let kept = terms[index].labels.filter { label in
          output.contains(label) || terms[1 - index].labels.contains(label)
        }
        guard kept.count < terms[index].labels.count else { continue }
        var seen: Set<Int> = []
        let distinct = kept.filter { seen.insert($0).inserted }
        var reduced = terms
        reduced[index] = Term(contraction([terms[index]], output: distinct), distinct)
        return contraction(reduced, output: output)
      }
    }
    if let product = elementwiseProduct(terms, output: output) { return product }
    var extents: [Int: Int] = [:]
    for term in terms {
      for (label, extent) in zip(term.labels, term.tensor.shape) { extents[label] = extent }
    }
    let labels = Contraction(terms.map(\.labels), output: output).canonical()
    return Tensor(
      raw: .contraction(labels), terms.map(\.tensor), shape: output.map { extents[$0] ?? 1 })
  }

  /// Two factors whose labels all stay: a broadcast multiplication, of permuted factors where their
  /// order is not the output's; nil where a label goes or is repeated.
  private static func elementwiseProduct(_ terms: [Term], output: [Int]) -> Tensor? {
    guard terms.count == 2 else { return nil }
    let factors = terms.map { term -> Term in
      let order = output.filter(term.labels.contains)
      guard order != term.labels, order.count == term.labels.count, !term.tensor.carriesDelta
      else { return term }
      return Term(contraction([term], output: order), order)
    }.compactMap { term -> Tensor? in
      let positions = term.labels.compactMap(output.firstIndex(of:))
      guard positions.count == term.labels.count,
        zip(positions, positions.dropFirst()).allSatisfy({ $0 < $1 })
      else { return nil }
      return term.tensor.reshape(
        output.map { label in
          term.labels.firstIndex(of: label).map { term.tensor.shape[$0] } ?? 1
        })
    }
    guard factors.count == 2 else { return nil }
    return factors[0] * factors[1]
  }
}
