import Expressions

/// The differential equation whose solutions have the law of noisy data at every noise scale.
///
///     dx/du = -σ² ∇ log p_σ(x),   d ln p_σ(x)/du = σ² div ∇ log p_σ(x),   u = ln σ
///
/// where p_σ = p * N(0, σ²I). Solved from σ_min to σ_max it gives the log density of a point,
///
///     ln p_σmin(x) = ln p_σmax(x') - ∫ σ² div s du ≈ ln N(x'; m, C + σ_max² I) - ∫ …
///
/// with the mean m and the covariance C of the data (``NoisyNormal``), and solved back from that normal
/// distribution it gives samples. The exploding, preserving and
/// sub-variance-preserving diffusions have this flow in common: theirs in x_t is this one in x_t/a.
///
/// Reference: Song et al., ICLR 2021, eqs. (13) and (39), arXiv:2011.13456; in σ: Karras, Aittala,
/// Aila & Laine, NeurIPS 2022, eq. (1), arXiv:2206.00364.
public enum ProbabilityFlow {
  /// How the divergence of the score is found.
  public enum Trace {
    /// ``divergence(of:at:)``.
    case exact
    /// The score beside its divergence in closed form.
    case closedForm(NoisyDivergenceFunction)
    /// ``hutchinsonDivergence(of:at:along:)`` along one direction for each point, [n, d], which
    /// stays the same along the whole path: the log density is then unbiased, its path exact.
    case along(Tensor)
  }

  /// One step of Runge and Kutta's fourth order in u.
  ///
  ///     x + (h/6)(k₁ + 2k₂ + 2k₃ + k₄),   k₁ = f(x, u), k₂ = f(x + ½hk₁, u + ½h), …
  ///
  /// - Parameters:
  ///   - score: the score at any noise scale.
  ///   - x: points at noise scale exp(u), [n, d].
  ///   - u: the logarithm of the noise scale, a scalar.
  ///   - h: the step in u, a scalar; negative towards the data.
  /// - Returns: points at noise scale exp(u + h), [n, d].
  /// - Complexity: four evaluations of the score.
  ///
  /// Reference: Kutta, Zeitschrift für Mathematik und Physik 46 (1901), 435-453.
  public static func step(
    _ score: @escaping NoisyScoreFunction, from x: Tensor, at u: Tensor, by h: Tensor
  ) -> Tensor {
    rungeKutta([x], at: u, by: h) { state, u in
      let sigma = exp(u)
      return [-square(sigma) * score(state[0], sigma)]
    }[0]
  }

  /// The same step beside the integral of σ² div s over it.
  ///
  ///     d ln p_σ(x(u))/du = σ² div s(x(u), σ)
  ///
  /// - Parameters:
  ///   - score: the score at any noise scale.
  ///   - x: points at noise scale exp(u), [n, d].
  ///   - u: the logarithm of the noise scale, a scalar.
  ///   - h: the step in u, a scalar.
  ///   - trace: how the divergence is found.
  /// - Returns: points at noise scale exp(u + h), [n, d], and how much ln p grows on the way, [n].
  /// - Complexity: four evaluations of the score and its divergence.
  ///
  /// Reference: Chen, Rubanova, Bettencourt & Duvenaud, NeurIPS 2018, theorem 1, arXiv:1806.07366;
  /// along a direction: Grathwohl et al., ICLR 2019, eq. (8), arXiv:1810.01367.
  public static func stepWithDensity(
    _ score: @escaping NoisyScoreFunction, from x: Tensor, at u: Tensor, by h: Tensor,
    trace: Trace
  ) -> (x: Tensor, growth: Tensor) {
    let rowCount = Array(x.shape.dropLast())
    let end = rungeKutta([x, .zeros(rowCount)], at: u, by: h) { state, u in
      let sigma = exp(u)
      let field: ScoreFunction = { score($0, sigma) }
      let (s, divergence): (Tensor, Tensor) =
        switch trace {
        case .exact: valueAndDivergence(of: field, at: state[0])
        case .closedForm(let both): both(state[0], sigma)
        case .along(let v): valueAndSlice(of: field, at: state[0], along: v)
        }
      return [-square(sigma) * s, square(sigma) * divergence]
    }
    return (end[0], end[1])
  }

  /// The log density of N(0, vI), which the noisy data are taken for at σ_max with v = σ_max² + σ_d².
  ///
  ///     ln N(x; 0, vI) = -‖x‖²/(2v) - (d/2) ln 2πv
  ///
  /// - Parameters:
  ///   - x: points, [..., d].
  ///   - variance: that of each coordinate, a scalar.
  /// - Returns: the log density at each point, [...], in nats.
  /// - Complexity: one product.
  ///
  /// Reference: Song et al., ICLR 2021, eq. (39), the first term, arXiv:2011.13456.
  public static func logPrior(_ x: Tensor, variance: Tensor) -> Tensor {
    let d = Double(x.shape.last ?? 1)
    let constant = (log(variance) + .fill(Real.log(2 * .pi))) * .fill(d / 2)
    return -dot(x, x) / (2 * variance) - constant
  }

  /// What noisy data are taken for at the largest noise scale.
  public enum Prior: Sendable {
    /// N(0, (σ_max² + σ_d²) I).
    case isotropic(dataScale: Double)
    /// The normal law of the data's moments at σ_max.
    case normal(NoisyNormal)
  }

  /// A way in u, in equal steps.
  public struct Path: Sendable, Hashable {
    /// The noise scale where it begins.
    public let start: Double
    /// The noise scale where it ends.
    public let end: Double
    /// The number of steps; the error is of the fourth order in their length.
    public let stepCount: Int

    /// A way between two noise scales.
    public init(from start: Double, to end: Double, stepCount: Int) {
      (self.start, self.end, self.stepCount) = (start, end, stepCount)
    }

    fileprivate static let (place, step) = (Tensor.scalar("log_sigma"), Tensor.scalar("flow_step"))

    /// The noise scale where a step begins, counted from 0.
    fileprivate func scale(at step: Int) -> Double {
      start * Real.exp(Double(step) / Double(stepCount) * Real.log(end / start))
    }

    /// The steps in parts over which the noise scale about doubles.
    fileprivate var octaves: [Range<Int>] {
      var firsts = [0]
      for step in 0..<stepCount where scale(at: step) >= 2 * scale(at: firsts[firsts.count - 1]) {
        firsts.append(step)
      }
      return zip(firsts, firsts.dropFirst() + [stepCount]).map { $0..<$1 }
    }

    /// The scalar inputs of a step, counted from 0.
    fileprivate func scalars(_ index: Int) -> [ScalarValue] {
      let h = (Real.log(end) - Real.log(start)) / Double(stepCount)
      return [
        ScalarValue("log_sigma", Real.log(start) + Double(index) * h),
        ScalarValue("flow_step", h),
      ]
    }
  }

  /// The stage of a simulation that moves its variable `x` along the flow.
  public static func stage(
    _ score: @escaping NoisyScoreFunction, along path: Path
  ) -> Simulation.Stage {
    Simulation.Stage(repetitions: path.stepCount, scalars: { path.scalars($0) }) { chains in
      [Assignment("x", step(score, from: chains["x"], at: Path.place, by: Path.step))]
    }
  }

  /// Points that are moved together at most: what a block holds shall stay in a core's cache. Without
  /// random draws their number decides nothing but the time.
  private static func blockLimit(_ width: Int) -> Int {
    max(8, min(Simulation.blockLimit, (1 << 15) / max(width, 1)))
  }

  /// The stream of the directions that the divergence is estimated along.
  public static let directionStream = "flow-direction"

  /// The log density that the flow gives each of some points at the smallest noise scale: the
  /// simulation whose variable `log_density` has it in the end.
  ///
  /// - Parameters:
  ///   - density: what has a score at any noise scale.
  ///   - x: points, row-major [n, d].
  ///   - path: from σ_min to σ_max.
  ///   - prior: the density at σ_max.
  ///   - isExact: whether the divergence is exact; else it is Hutchinson's, along signs.
  /// - Complexity: four evaluations of the score and its divergence a step.
  public static func logDensity(
    of density: Subject, at x: [Double], along path: Path, prior: Prior, isExact: Bool
  ) -> Simulation {
    let d = density.dimension
    let ending = ending(prior, path)
    let start = Simulation.Stage(repetitions: isExact ? 0 : 1) { chains in
      [Assignment("direction", chains.random(.rademacher, directionStream, [d]))]
    }
    let parts =
      isExact && path.start < path.end && density.coarsened != nil
      ? path.octaves : [0..<path.stepCount]
    let moves = parts.map { steps in
      let isFirst = steps.lowerBound == 0
      let density =
        isFirst ? density : density.coarsened?(path.scale(at: steps.lowerBound)) ?? density
      return stage(density, along: path, steps, isExact: isExact)
    }
    return Simulation(
      count: x.count / d,
      [
        Simulation.Variable("x", [d], initial: .rows(x)), Simulation.Variable("log_density"),
        Simulation.Variable("direction", [d]),
      ], constants: ending.constants, streams: isExact ? [] : [directionStream],
      blockLimit: isExact ? blockLimit(density.width) : Simulation.blockLimit,
      [start] + moves + [ending.stage])
  }

  /// Some steps with the density.
  private static func stage(
    _ density: Subject, along path: Path, _ steps: Range<Int>, isExact: Bool
  ) -> Simulation.Stage {
    let score = density.requiredNoisyScore
    let exact = density.noisyDivergence.map(Trace.closedForm) ?? .exact
    return Simulation.Stage(
      repetitions: steps.count, scalars: { path.scalars(steps.lowerBound + $0) }
    ) { chains in
      let (moved, growth) = stepWithDensity(
        score, from: chains["x"], at: Path.place, by: Path.step,
        trace: isExact ? exact : .along(chains["direction"]))
      return [
        Assignment("x", moved), Assignment("log_density", chains["log_density"] - growth),
      ]
    }
  }

  /// The stage that adds the log density at σ_max, and what it reads.
  private static func ending(
    _ prior: Prior, _ path: Path
  ) -> (stage: Simulation.Stage, constants: [Simulation.Constant]) {
    func stage(
      _ scalars: [ScalarValue], _ logDensity: @escaping (Tensor) -> Tensor
    ) -> Simulation.Stage {
      Simulation.Stage(scalars: { _ in scalars }) { chains in
        [Assignment("log_density", chains["log_density"] + logDensity(chains["x"]))]
      }
    }
    switch prior {
    case .isotropic(let dataScale):
      let variance = Tensor.fill(path.end * path.end + dataScale * dataScale)
      return (stage([]) { logPrior($0, variance: variance) }, [])
    case .normal(let law):
      let constants = law.constants
      return (stage(law.scalars) { NoisyNormal.logDensity($0, constants) }, constants)
    }
  }

  private static func valueAndSlice(
    of field: ScoreFunction, at x: Tensor, along v: Tensor
  ) -> (Tensor, Tensor) {
    let (s, sDot) = jvp(field, at: x, along: v)
    return (s, dot(v, sDot))
  }

  private static func rungeKutta(
    _ y: [Tensor], at u: Tensor, by h: Tensor, _ slope: ([Tensor], Tensor) -> [Tensor]
  ) -> [Tensor] {
    func moved(_ slopes: [Tensor], _ factor: Tensor) -> [Tensor] {
      zip(y, slopes).map { $0 + factor * $1 }
    }
    let half = h / 2
    let k1 = slope(y, u)
    let k2 = slope(moved(k1, half), u + half)
    let k3 = slope(moved(k2, half), u + half)
    let k4 = slope(moved(k3, h), u + h)
    return y.indices.map { y[$0] + (k1[$0] + 2 * (k2[$0] + k3[$0]) + k4[$0]) * (h / 6) }
  }
}
