import Foundation
import Results

/// A small experiment: sigma applies to denoising score matching only, so that its grid has cells
/// that share a trial.
struct SampleExperiment {
  var losses = ["ism", "ssm", "ssm-vr", "dsm"]
  var sigmas = [0.1, 0.3]
  var dimensions = [2, 8]
  var repeats = 2

  var axes: [AxisDescription] {
    [
      AxisDescription("loss", losses.map { .text($0) }),
      AxisDescription("sigma", sigmas.map { .number($0) }, longName: "noise scale"),
      AxisDescription("dimension", dimensions.map { .number(Double($0)) }),
      AxisDescription("standardize", [.boolean(false), .boolean(true)]),
      AxisDescription("repeat", (0..<repeats).map { .number(Double($0)) }),
    ]
  }

  /// The trials in the order of the plan, and the trial of each cell.
  private var plan: (trials: [ExperimentDescription.PlannedTrial], cells: [[Int]: Int]) {
    var trials: [ExperimentDescription.PlannedTrial] = []
    var cells: [[Int]: Int] = [:]
    var known: [String: Int] = [:]
    for indices in combinations(axes.map(\.values.count)) {
      var entries = zip(axes, indices).map { AxisEntry($0.name, $0.values[$1]) }
      if losses[indices[0]] != "dsm" { entries[1].value = nil }
      let words = entries.map { "\"\($0.name)\":\"\($0.value?.description ?? "")\"" }
      let settings = "{" + words.joined(separator: ",") + "}"
      if let trial = known[settings] {
        cells[indices] = trial
      } else {
        known[settings] = trials.count
        cells[indices] = trials.count
        trials.append(.init(id: Self.id(settings), axes: entries, settings: settings))
      }
    }
    return (trials, cells)
  }

  var trials: [ExperimentDescription.PlannedTrial] { plan.trials }

  var description: ExperimentDescription {
    let (trials, cells) = plan
    return ExperimentDescription(
      name: "sample", title: "A sample", source: "{ \"name\": \"sample\" } // größer\n",
      planDigest: String(repeating: "ab", count: 32), axes: axes, trials: trials,
      provenance: [
        ("scoresweep_version", "0.1"), ("created", "2026-01-01T00:00:00Z"), ("isa", "x86-64-v3"),
      ], cell: { cells[$0] ?? -1 })
  }

  /// One record for each trial of the plan.
  var records: [TrialRecord] {
    trials.enumerated().map { Self.record($0.element, number: $0.offset) }
  }

  /// A record with something of everything; every sixth trial failed.
  static func record(
    _ trial: ExperimentDescription.PlannedTrial, number: Int
  ) -> TrialRecord {
    var record = TrialRecord(
      id: trial.id, axes: trial.axes, settings: trial.settings, outcome: .completed, steps: 100,
      seconds: 1.5, secondsPerStep: 0.015, parameterCount: 10, seed: "00ff00ff00ff00ff")
    if number % 6 == 5 {
      record.outcome = Outcome(.diverged, message: "the loss is NaN at step 7; lower the rate")
      record.metrics = [Metric("fisher_divergence", .nan, longName: "Fisher divergence")]
      return record
    }
    let dimension = trial.axes[2].value == .number(8) ? 8 : 2
    let x = Double(number)
    record.metrics = [
      Metric("fisher_divergence", x / 7, longName: "Fisher divergence"),
      Metric("train_time", x, unit: "s", longName: "training time"),
    ]
    record.curves = (0..<(number % 3 + 1)).map { point in
      CurvePoint(
        step: point * 10, trainingLoss: x - Double(point), validationLoss: .nan,
        gradientNorm: 1 / (x + 1))
    }
    record.architecture = "score-mlp-\(dimension)-4-\(dimension)-softplus"
    record.architectureAttributes = [
      Attribute("activation", .text("softplus")), Attribute("hidden", .integers([4])),
      Attribute("skip", .boolean(number % 2 == 0)), Attribute("dimension", .integer(dimension)),
      Attribute("mean", .numbers((0..<dimension).map { x + Double($0) })),
      Attribute("names", .texts(["a", "ü"])), Attribute("scale", .number(0.1)),
    ]
    record.parameters = [
      .floats("layer0.weight", [dimension, 4], seed: x),
      .floats("layer0.bias", [4], seed: x + 0.5),
    ]
    if number % 4 == 0 {
      record.samples = [
        NamedArray(
          "test", shape: [3, dimension],
          values: .float64((0..<(3 * dimension)).map { x + Double($0) }))
      ]
    }
    return record
  }

  static func id(_ text: String) -> String {
    var hash: (UInt64, UInt64) = (0xcbf2_9ce4_8422_2325, 0x9e37_79b9_7f4a_7c15)
    for byte in text.utf8 {
      hash.0 = (hash.0 ^ UInt64(byte)) &* 0x100_0000_01b3
      hash.1 = (hash.1 ^ hash.0) &* 0xff51_afd7_ed55_8ccd
    }
    return String(format: "%016lx%016lx", hash.0, hash.1)
  }
}

extension NamedArray {
  static func floats(_ name: String, _ shape: [Int], seed: Double) -> NamedArray {
    let count = shape.reduce(1, *)
    return NamedArray(
      name, shape: shape, values: .float32((0..<count).map { Float(sin(seed + Double($0))) }))
  }
}

/// All index combinations of the given extents, the last index fastest.
func combinations(_ extents: [Int]) -> [[Int]] {
  extents.reduce([[]]) { heads, extent in
    heads.flatMap { head in (0..<extent).map { head + [$0] } }
  }
}

/// Runs a body with a folder of its own, removed afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { _ = try? FileManager.default.removeItem(at: folder) }
  try body(folder.path())
}

/// The names of a folder's files, sorted.
func names(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

/// The bytes of a file.
func bytes(of path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(filePath: path)))
}
