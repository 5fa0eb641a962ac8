import Expressions

/// The trajectories of Hamiltonian Monte Carlo, leapfrog by leapfrog, at one or at many temperatures.
///
/// At temperature β the energy is β E(x) + (1 - β) ½‖x‖²; E and its score are kept from leapfrog to
/// leapfrog, so that changing β costs nothing.
struct Trajectory {
  let dimension: Int
  /// E, [n, d] → [n].
  let energy: EnergyFunction
  /// -∇E, [n, d] → [n, d].
  let score: ScoreFunction
  /// β, a scalar; nil for 1.
  var temperature: Tensor?

  static let streams = ["momentum", "acceptance"]

  /// What a chain keeps beside its point `x`.
  var variables: [Simulation.Variable] {
    [
      Simulation.Variable("momentum", [dimension]), Simulation.Variable("energy"),
      Simulation.Variable("score", [dimension]), Simulation.Variable("first.x", [dimension]),
      Simulation.Variable("first.energy"), Simulation.Variable("first.score", [dimension]),
      Simulation.Variable("first.total"), Simulation.Variable("acceptance"),
    ]
  }

  /// The scalar inputs of a leapfrog, counted from 0 over all trajectories.
  static func scalars(at leapfrog: Int, leapfrogs: Int, stepSize: Double) -> [ScalarValue] {
    [
      ScalarValue("step_size", stepSize),
      ScalarValue("is_first", leapfrog % leapfrogs == 0 ? 1 : 0),
      ScalarValue("is_last", leapfrog % leapfrogs == leapfrogs - 1 ? 1 : 0),
    ]
  }

  /// Energy and score where the chains start.
  func prepare(_ chains: Simulation.Chains) -> [Assignment] {
    [Assignment("energy", energy(chains["x"])), Assignment("score", score(chains["x"]))]
  }

  /// One leapfrog, the first one with a new momentum, the last one with the decision.
  func leapfrog(_ chains: Simulation.Chains) -> [Assignment] {
    let (isFirst, isLast) = (Tensor.scalar("is_first"), Tensor.scalar("is_last"))
    func fromStart(_ now: Tensor, _ kept: String) -> Tensor { select(isFirst, now, chains[kept]) }
    let (x, e, s) = (chains["x"], chains["energy"], chains["score"])
    let p = select(isFirst, chains.random(.normal, "momentum", [dimension]), chains["momentum"])
    let (x0, e0) = (fromStart(x, "first.x"), fromStart(e, "first.energy"))
    let s0 = fromStart(s, "first.score")
    let total0 = fromStart(total(x, e, p), "first.total")
    // The model's own score at y is kept; the tempered one moves.
    var sY = s
    let next = ScoreMatching.leapfrog(
      x, momentum: p, score: tempered(x, s), stepSize: .scalar("step_size")
    ) { y in
      sY = score(y)
      return tempered(y, sY)
    }
    let eY = energy(next.point)
    let ratio = total0 - total(next.point, eY, next.momentum)
    let accepted = less(log(chains.random(.uniform, "acceptance")), ratio)
    // Before the last leapfrog every point is taken.
    let taken = select(isLast, accepted, 1)
    let ofPoint = taken.expanded(at: 1)
    return [
      Assignment("x", select(ofPoint, next.point, x0)), Assignment("momentum", next.momentum),
      Assignment("energy", select(taken, eY, e0)), Assignment("score", select(ofPoint, sY, s0)),
      Assignment("first.x", x0), Assignment("first.energy", e0), Assignment("first.score", s0),
      Assignment("first.total", total0),
      Assignment("acceptance", chains["acceptance"] + isLast * accepted),
    ]
  }

  /// H at temperature β.
  private func total(_ x: Tensor, _ e: Tensor, _ p: Tensor) -> Tensor {
    guard let beta = temperature else { return e + dot(p, p) / 2 }
    return beta * e + (1 - beta) * dot(x, x) / 2 + dot(p, p) / 2
  }

  private func tempered(_ x: Tensor, _ s: Tensor) -> Tensor {
    temperature.map { beta in beta * s - (1 - beta) * x } ?? s
  }
}
