import Expressions
import Settings

/// Sets in the plane seen through normal noise, with the shapes and extents usual in the
/// literature.
enum Toys {
  /// One toy: its name, what it looks like, and the noise that it has unless told otherwise.
  private struct Toy {
    let name: String
    let summary: String
    let tau: Double
  }

  private static let toys = [
    Toy(name: "eight-gaussians", summary: "eight normals on a circle of radius 2.83", tau: 0.35),
    Toy(name: "two-moons", summary: "two interlocking half circles", tau: 0.2),
    Toy(name: "swiss-roll", summary: "a spiral of one and a half turns", tau: 0.2),
    Toy(name: "checkerboard", summary: "eight black squares on [-4, 4]^2", tau: 0.1),
    Toy(name: "rings", summary: "four circles around 0, equally likely", tau: 0.08),
    Toy(name: "pinwheel", summary: "five bent arms", tau: 0.2),
    Toy(name: "spirals", summary: "two spirals from the origin", tau: 0.1),
  ]

  static let declarations = toys.map { toy in
    Variant(
      toy.name, "2-D toy: " + toy.summary,
      [
        Setting(
          "tau", .real(RealRange(from: 0.01, to: 10)), default: .number(toy.tau),
          unit: "data units", "standard deviation of the noise around the set")
      ] + Targets.counts)
  }

  /// The toy of this name; nil where there is none.
  ///
  /// - Parameter refinement: how many times more quadrature nodes than needed, to measure the
  ///   error.
  static func make(_ name: String, tau: Double, refinement: Int = 1) -> (any Target)? {
    switch name {
    case "eight-gaussians": eightGaussians(tau: tau)
    case "two-moons": CurveTarget(twoMoons, tau: tau, refinement: refinement)
    case "swiss-roll": CurveTarget([swissRoll], tau: tau, refinement: refinement)
    case "checkerboard": Checkerboard(tau: tau, refinement: refinement)
    case "rings": CurveTarget(rings, tau: tau, refinement: refinement)
    case "pinwheel": CurveTarget(pinwheel, tau: tau, refinement: refinement)
    case "spirals": CurveTarget(spirals, tau: tau, refinement: refinement)
    default: nil
    }
  }

  /// Means at the eighth parts of a circle of radius 2√2.
  private static func eightGaussians(tau: Double) -> GaussianMixture {
    let radius = (8 as Double).squareRoot()
    let means = (0..<8).flatMap { index -> [Double] in
      let angle = Double(index) * .pi / 4
      return [radius * Real.cosine(angle), radius * Real.sine(angle)]
    }
    return GaussianMixture(
      means: means, weights: [Double](repeating: 1, count: 8), scale: tau, dimension: 2)
  }

  /// Half circles of radius 2 around (-1, -0.2) and (1, 0.8), t uniform in [0, π].
  private static let twoMoons = [
    Curve(0...Double.pi) { (x: 2 * Real.cosine($0) - 1, y: 2 * Real.sine($0) - 0.2) },
    Curve(0...Double.pi) { (x: 1 - 2 * Real.cosine($0), y: 0.8 - 2 * Real.sine($0)) },
  ]

  /// (t cos t, t sin t)/5, t uniform in [1.5π, 4.5π].
  private static let swissRoll = Curve(1.5 * Double.pi...4.5 * Double.pi) {
    (x: $0 * Real.cosine($0) / 5, y: $0 * Real.sine($0) / 5)
  }

  /// Circles of radius 0.75, 1.5, 2.25 and 3, the angle uniform.
  private static let rings = (1...4).map { index in
    let radius = 0.75 * Double(index)
    return Curve(0...2 * Double.pi, isClosed: true) {
      (x: radius * Real.cosine($0), y: radius * Real.sine($0))
    }
  }

  /// 2r (cos a, sin a) with the angle a = 2πk/5 + e^r/4 and r from N(1, 0.3²), cut at three
  /// standard deviations.
  private static let pinwheel = (0..<5).map { arm in
    Curve(0.1...1.9, density: { Real.exp(-0.5 * ($0 - 1) * ($0 - 1) / 0.09) }) { r in
      let angle = 2 * .pi * Double(arm) / 5 + Real.exp(r) / 4
      return (x: 2 * r * Real.cosine(angle), y: 2 * r * Real.sine(angle))
    }
  }

  /// ±(-t cos t, t sin t)/3, t in [0, 3π] with a density proportional to t.
  private static let spirals = [1.0, -1.0].map { side in
    Curve(0...3 * Double.pi, density: { $0 / (3 * .pi) }) {
      (x: -side * $0 * Real.cosine($0) / 3, y: side * $0 * Real.sine($0) / 3)
    }
  }
}
