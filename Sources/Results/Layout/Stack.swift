/// The trials whose arrays stand stacked in one group: those with the same names and shapes.
struct Stack {
  /// What trials must share to be stacked.
  struct Form: Hashable {
    var architecture: String
    var arrays: [ArrayForm]
    var attributes: [AttributeForm]
  }

  /// An attribute without its value.
  struct AttributeForm: Hashable {
    var name: String
    var kind: Kind
    /// The number of elements, nil for a scalar.
    var count: Int?

    enum Kind: String, Hashable {
      case text, number, integer, boolean
    }
  }

  /// The group's name: the architecture, with a number from the second form of one name on.
  var name: String
  var form: Form
  /// The rows of /trials in it, ascending.
  var rows: [Int]

  /// Sorts rows into stacks, in the order of each stack's first row.
  ///
  /// - Parameters:
  ///   - rows: the rows of the file.
  ///   - arrays: which arrays are stacked; a row without any is in no stack.
  ///   - keepsAttributes: whether the attributes of the architecture stand with these arrays.
  static func stacks(
    of rows: [RecordRow], _ arrays: (RecordRow) -> [ArrayForm], keepsAttributes: Bool
  ) -> [Stack] {
    var stacks: [Stack] = []
    var positions: [Form: Int] = [:]
    var uses: [String: Int] = [:]
    for (index, row) in rows.enumerated() where !arrays(row).isEmpty {
      let record = row.record
      let form = Form(
        architecture: record.architecture, arrays: arrays(row),
        attributes: keepsAttributes ? record.architectureAttributes.map(AttributeForm.init) : [])
      if let position = positions[form] {
        stacks[position].rows.append(index)
        continue
      }
      let base = record.architecture.isEmpty ? "model" : record.architecture
      let use = uses[base, default: 0] + 1
      uses[base] = use
      positions[form] = stacks.count
      stacks.append(Stack(name: use == 1 ? base : "\(base)~\(use)", form: form, rows: [index]))
    }
    return stacks
  }
}

extension Stack.AttributeForm {
  init(_ attribute: Attribute) {
    name = attribute.name
    switch attribute.value {
    case .text: (kind, count) = (.text, nil)
    case .number: (kind, count) = (.number, nil)
    case .integer: (kind, count) = (.integer, nil)
    case .boolean: (kind, count) = (.boolean, nil)
    case .texts(let values): (kind, count) = (.text, values.count)
    case .numbers(let values): (kind, count) = (.number, values.count)
    case .integers(let values): (kind, count) = (.integer, values.count)
    }
  }
}
