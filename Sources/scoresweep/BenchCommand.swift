import ArgumentParser
import Experiments
import Settings

/// `scoresweep bench`: how fast training steps are on this machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Times training steps.",
    discussion: """
      Without settings, six usual ones. Each setting takes one value or several with commas in between; \
      all combinations are timed, for example --loss ism,ssm --dimension 10,50,100 --width 128. A step is \
      loss, gradients and Adam's update on a batch. Clocks drift: compare fractions and ratios, not rates.
      """)

  @Option(help: "Losses: dsm, ssm, ssm-vr, ism, esm, fd-ssm, fd-ssm-vr, fd-dsm. (default: dsm)")
  var loss: CommaSeparated<String>?

  @Option(help: "Coordinates of the data. (default: 2)")
  var dimension: CommaSeparated<Int>?

  @Option(help: "Units of each hidden layer. (default: 64)")
  var width: CommaSeparated<Int>?

  @Option(help: "Hidden layers. (default: 2)")
  var depth: CommaSeparated<Int>?

  @Option(help: "Rows of a step. (default: 128)")
  var batch: CommaSeparated<Int>?

  @Option(help: "Random directions a row, for the sliced losses. (default: 1)")
  var slices: CommaSeparated<Int>?

  @Option(help: "float32, float64 or both. (default: float32)")
  var precision: CommaSeparated<BenchmarkSetting.Precision>?

  @Option(help: "score-mlp, energy-mlp or both. (default: score-mlp)")
  var model: CommaSeparated<String>?

  @Option(help: "Cores that may work on one step, where it is large enough for several.")
  var cores = 1

  @Option(
    help: ArgumentHelp("About how long to measure each setting.", valueName: "seconds"))
  var duration = 1.0

  @Flag(help: "Say where the time of a step goes.")
  var profile = false

  @Flag(help: "Print the compiled program of each setting instead of timing it.")
  var program = false

  @Flag(help: "Time what handing out trials costs, with 64 workers and no mathematics.")
  var scheduler = false

  @Flag(help: "Print the numbers as JSON, one object per line.")
  var json = false

  func validate() throws {
    guard duration > 0 else {
      throw ValidationError("--duration must be above 0 seconds, not \(duration)")
    }
    let known = ["dsm", "ssm", "ssm-vr", "ism", "esm", "fd-ssm", "fd-ssm-vr", "fd-dsm"]
    if let other = loss?.values.first(where: { !known.contains($0) }) {
      throw ValidationError(
        "--loss takes the losses that are minimised step by step, \(known.joined(separator: ", ")), "
          + "not \(other)")
    }
    guard cores > 0 else { throw ValidationError("--cores must be at least 1, not \(cores)") }
  }

  /// All combinations of what was given; the usual settings where nothing was.
  private var settings: [BenchmarkSetting] {
    let isGiven =
      loss != nil || dimension != nil || width != nil || depth != nil || batch != nil
      || slices != nil || precision != nil || model != nil
    guard isGiven else { return BenchmarkSetting.standard }
    var settings = [BenchmarkSetting(loss: "dsm", dimension: 2, width: 64, depth: 2)]
    func vary<Value>(
      _ path: WritableKeyPath<BenchmarkSetting, Value>, _ given: CommaSeparated<Value>?
    ) {
      guard let given else { return }
      settings = settings.flatMap { setting in
        given.values.map { value in
          var varied = setting
          varied[keyPath: path] = value
          return varied
        }
      }
    }
    vary(\.model, model)
    vary(\.loss, loss)
    vary(\.precision, precision)
    vary(\.width, width)
    vary(\.depth, depth)
    vary(\.batch, batch)
    vary(\.slices, slices)
    vary(\.dimension, dimension)
    return settings
  }

  func run() throws {
    if scheduler {
      let cost = try SchedulerBenchmark.microsecondsPerTrial(workers: 64, items: 100_000)
      return Output.write(BenchmarkText.scheduler(cost, json: json))
    }
    let benchmark = Benchmark()
    if !json && !program { Output.write(BenchmarkText.header) }
    for setting in settings {
      if program {
        Output.write("\(setting.name)\n\(try benchmark.describe(setting))\n\n")
        continue
      }
      let result = try benchmark.run(
        setting, duration: duration, cores: cores, profiled: profile)
      Output.write(json ? BenchmarkText.json(result) : BenchmarkText.line(result))
      if let profile = result.profile, !json { Output.write(BenchmarkText.profile(profile)) }
    }
  }
}

/// Values with commas in between.
struct CommaSeparated<Value: Sendable>: Sendable {
  var values: [Value]
}

extension CommaSeparated: ExpressibleByArgument where Value: CommaValue {
  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { Value(word: String($0)) }
    guard !values.isEmpty, values.count == parts.count else { return nil }
    self.values = values
  }
}

/// A value that a word of the command line stands for.
protocol CommaValue: Sendable {
  init?(word: String)
}

extension String: CommaValue {
  init?(word: String) {
    guard !word.isEmpty else { return nil }
    self = word
  }
}

extension Int: CommaValue {
  /// Sizes: positive.
  init?(word: String) {
    guard let number = Int(word), number > 0 else { return nil }
    self = number
  }
}

extension BenchmarkSetting.Precision: CommaValue {
  init?(word: String) { self.init(rawValue: word) }
}
