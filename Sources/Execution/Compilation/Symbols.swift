import Expressions

/// The named things that expressions reach, each with its place in a list.
struct Symbols: Sendable {
  struct State: Sendable {
    var name: String
    var shape: Shape
  }

  struct Rows: Sendable {
    var name: String
    var columns: Int
  }

  private(set) var states: [State] = []
  private(set) var rowInputs: [Rows] = []
  private(set) var scalars: [String] = []
  private(set) var streams: [String] = []
  private(set) var constants: [Tensor] = []

  init(_ order: [Tensor]) {
    for node in order {
      switch node.primitive {
      case .input(let input):
        switch input.role {
        case .state:
          require(
            !states.contains { $0.name == input.name },
            "program: state \(input.name) with two shapes")
          states.append(State(name: input.name, shape: node.shape))
        case .rows:
          require(
            !rowInputs.contains { $0.name == input.name },
            "program: rows \(input.name) with two shapes")
          rowInputs.append(
            Rows(name: input.name, columns: node.shape.dropFirst().reduce(1, *)))
        case .scalar: scalars.append(input.name)
        }
      case .random(let leaf):
        if !streams.contains(leaf.stream) { streams.append(leaf.stream) }
      case .literal, .delta: constants.append(node)
      default: break
      }
    }
  }

  func state(_ name: String) -> Int {
    index(states.firstIndex { $0.name == name }, "state", name)
  }
  func rows(_ name: String) -> Int {
    index(rowInputs.firstIndex { $0.name == name }, "rows", name)
  }
  func scalar(_ name: String) -> Int { index(scalars.firstIndex(of: name), "scalar", name) }
  func stream(_ name: String) -> Int { index(streams.firstIndex(of: name), "stream", name) }
  func constant(_ node: Tensor) -> Int {
    index(constants.firstIndex(of: node), "constant", "literal")
  }

  private func index(_ found: Int?, _ kind: String, _ name: String) -> Int {
    guard let found else { fatalError("program: no \(kind) \(name)") }
    return found
  }
}
