/// What a benchmark times: a network with softplus on standard normal data.
public struct BenchmarkSetting: Sendable, Equatable {
  /// The precision of a trial.
  public enum Precision: String, Sendable, CaseIterable {
    /// Single precision.
    case float32
    /// Double precision.
    case float64
  }

  /// The loss's name in an experiment file.
  public var loss: String
  /// Coordinates of the data.
  public var dimension: Int
  /// Units of each hidden layer.
  public var width: Int
  /// Hidden layers.
  public var depth: Int
  /// Rows of a step.
  public var batch: Int
  /// Random directions per row, for the sliced losses.
  public var slices: Int
  /// What numbers are computed in.
  public var precision: Precision
  /// The model's name in an experiment file.
  public var model: String

  /// One setting to time.
  public init(
    loss: String, dimension: Int, width: Int, depth: Int, batch: Int = 128, slices: Int = 1,
    precision: Precision = .float32, model: String = "score-mlp"
  ) {
    self.loss = loss
    self.dimension = dimension
    self.width = width
    self.depth = depth
    self.batch = batch
    self.slices = slices
    self.precision = precision
    self.model = model
  }

  /// `ssm 10 128x2 128 1`: loss, dimension, width x depth, batch, slices; then what is not usual.
  public var name: String {
    "\(loss) \(dimension) \(width)x\(depth) \(batch) \(slices)"
      + (precision == .float32 ? "" : " \(precision.rawValue)")
      + (model == "score-mlp" ? "" : " \(model)")
  }

  /// The six settings of the peers' comparison.
  public static let standard = [
    BenchmarkSetting(loss: "dsm", dimension: 2, width: 64, depth: 2),
    BenchmarkSetting(loss: "ssm", dimension: 2, width: 64, depth: 2),
    BenchmarkSetting(loss: "ssm", dimension: 10, width: 128, depth: 2),
    BenchmarkSetting(loss: "ism", dimension: 10, width: 128, depth: 2),
    BenchmarkSetting(loss: "ssm", dimension: 100, width: 256, depth: 3),
    BenchmarkSetting(loss: "ssm", dimension: 100, width: 512, depth: 3, batch: 256, slices: 4),
  ]

  /// The experiment whose one trial is timed.
  var experiment: String {
    let hidden = [String](repeating: "\(width)", count: depth).joined(separator: ", ")
    let isSliced = loss.contains("ssm") || loss == "fd-dsm"
    return """
      { "name": "bench",
        "base": { "data": { "type": "gaussian" }, "dimension": \(dimension),
          \(isSliced ? "\"slices\": \(slices)," : "") "precision": "\(precision.rawValue)",
          "loss": "\(loss)",
          "model": { "type": "\(model)", "hidden": [\(hidden)], "activation": "softplus" },
          "training": { "batch": \(batch), "optimizer": { "type": "adam" } } },
        "grid": { "repeat": 1 } }
      """
  }
}
