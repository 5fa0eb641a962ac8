import Randomness
import Settings

/// What every sampler is told: how many chains there are and where they start.
public struct SamplerChains: Sendable {
  /// Where chains start.
  public enum Start: Sendable, Hashable {
    /// Normal around 0 with this standard deviation in each coordinate.
    case normal(scale: Double)
    /// Uniform between minus and plus the bound in each coordinate.
    case uniform(bound: Double)
    /// Normal with the mean and the covariance of the training data seen through noise of this scale.
    case noisyData(scale: Double)
    /// At rows of the training data, drawn with replacement.
    case data
  }

  /// Chains, of which each gives one point.
  public let count: Int
  /// Where they start.
  public let start: Start
  /// Whether the points are kept in the results.
  public let isKept: Bool

  /// - Parameter noiseScale: the standard deviation of the start that `noise` names.
  init(_ settings: SettingValue, noiseScale: Double? = nil) {
    count = settings.integer("samples")
    isKept = settings.boolean("keep_samples")
    switch settings.text("start.type") {
    case "normal": start = .normal(scale: settings.real("start.scale"))
    case "uniform": start = .uniform(bound: settings.real("start.bound"))
    case "noise": start = .normal(scale: Self.required(noiseScale))
    case "noisy-data": start = .noisyData(scale: Self.required(noiseScale))
    case "data": start = .data
    case let type: preconditionFailure("sampler.start.type: \(type) is not declared")
    }
  }

  private static func required(_ noiseScale: Double?) -> Double {
    guard let noiseScale else {
      preconditionFailure("sampler.start: the sampler has no largest noise scale")
    }
    return noiseScale
  }

  /// Draws the first points, row-major [count, d].
  ///
  /// - Parameter train: the training data, row-major.
  /// - Throws: ``MetricError`` where no normal law has the moments of the data.
  public func draw(
    dimension d: Int, train: [Double], using generator: inout RandomGenerator
  ) throws(MetricError) -> [Double] {
    switch start {
    case .normal(let scale): return (0..<count * d).map { _ in scale * generator.normal() }
    case .uniform(let bound):
      return (0..<count * d).map { _ in bound * (2 * generator.uniform() - 1) }
    case .noisyData(let scale):
      return try NoisyNormal(of: train, noiseScale: scale, dimension: d)
        .sample(count, using: &generator)
    case .data:
      precondition(!train.isEmpty, "sampler: no rows to start from")
      return (0..<count).flatMap { _ in
        let row = generator.index(below: train.count / d)
        return train[row * d..<(row + 1) * d]
      }
    }
  }

  /// The settings that every sampler has.
  ///
  /// - Parameters:
  ///   - isNoisy: whether the sampler begins at a largest noise scale.
  ///   - start: where its chains start unless told otherwise; nil for around 0.
  static func settings(isNoisy: Bool = false, start: String? = nil) -> [Setting] {
    [
      Setting(
        "samples", .integer(1...10_000_000), default: .number(1000),
        "chains, each of which gives one point"),
      Setting(
        "start",
        .variant(
          [
            Variant(
              "normal", "normal around 0",
              [
                Setting(
                  "scale", .real(.positive), default: .number(1), unit: "data units",
                  "standard deviation of each coordinate")
              ]),
            Variant(
              "uniform", "uniform on a cube around 0",
              [
                Setting(
                  "bound", .real(.positive), default: .number(8), unit: "data units",
                  "half the edge of the cube")
              ]), Variant("data", "rows of the training data, with replacement"),
          ]
            + (isNoisy
              ? [
                Variant("noise", "normal around 0, as wide as the largest noise scale"),
                Variant(
                  "noisy-data",
                  "normal with the mean and the covariance of the training data, and the largest "
                    + "noise scale on top"),
              ] : [])),
        default: .object(["type": .text(start ?? (isNoisy ? "noise" : "normal"))]),
        "where chains start"),
      Setting(
        "keep_samples", .boolean, default: .boolean(false),
        "keep the points in the results file, under /samples"),
    ]
  }

  static func stepSize(_ standard: Double, _ summary: String) -> Setting {
    Setting("step_size", .real(.positive), default: .number(standard), summary)
  }

  static func steps(_ standard: Int, _ summary: String) -> Setting {
    Setting(
      "steps", .integer(0...100_000_000), default: .number(Double(standard)), unit: "steps", summary
    )
  }
}
