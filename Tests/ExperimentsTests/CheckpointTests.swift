import Foundation
import Planning
import Results
import ScoreMatching
import Synchronization
import Testing

@testable import Experiments

struct CheckpointTests {
  /// Trials whose every part has something to go on from.
  static let trials = [
    // Early stopping, a running average, random directions, batches that run over epochs.
    """
    "loss": "ssm", "model": { "type": "score-mlp", "hidden": [8, 6] },
    "training": { "steps": 150, "batch": 48, "evaluate_every": 7, "ema": 0.95,
      "optimizer": { "type": "adam", "schedule": { "type": "cosine", "warmup": 10 } },
      "early_stopping": { "metric": "validation_loss", "patience": 30 } }
    """,
    // Double precision, another optimiser, a sampler of two blocks, simulations of metrics.
    """
    "loss": "dsm", "sigma": 0.5, "precision": "float64",
    "model": { "type": "energy-mlp", "hidden": [6, 6] },
    "training": { "steps": 60, "batch": 32, "optimizer": { "type": "rmsprop" } },
    "sampler": { "type": "mala", "samples": 300, "steps": 25 }
    """,
    // Three stages that share no program, and a loss with levels.
    """
    "loss": "ncsn", "model": { "type": "noise-conditional-score-mlp", "hidden": [6] },
    "training": { "steps": 40, "batch": 32, "optimizer": { "type": "sgd", "momentum": 0.9 } },
    "sampler": { "type": "annealed-langevin", "samples": 40, "steps": 5, "sigma_max": 3 }
    """,
    // All rows at once.
    """
    "loss": "ism", "precision": "float64", "fit": "full-batch", "lbfgs": { "iterations": 60 },
    "model": { "type": "energy-mlp", "hidden": [6, 6] }
    """,
  ]

  private func plan(_ trial: String) throws -> Plan {
    let isDensity = trial.contains("mala")
    let hasMinibatches = trial.contains("batch\":")
    return try Plan(
      reading: Array(
        """
        { "name": "interrupted", "seed": 5,
          "base": { "dimension": 3, \(trial),
            "data": { "type": "gaussian-mixture", "train": 200, "validation": 60, "test": 80 } },
          "grid": { "repeat": 1 },
          "metrics": ["fisher_divergence", "implicit_score_matching"
            \(hasMinibatches ? #", { "type": "gradient_variance", "minibatches": 30 }"# : "")
            \(isDensity ? #", "mmd", { "type": "ais_log_likelihood", "temperatures": 12, "chains": 300 }"# : "")] }
        """.utf8), named: "test.json", catalogue: .scoreSweep)
  }

  private func run(
    _ plan: Plan, _ keeper: CheckpointKeeper? = nil,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) -> TrialRecord? {
    TrialRunner(
      plan: plan, files: DataFiles(folders: []),
      limits: TrialRunner.Limits(isStopped: isStopped), checkpoints: keeper
    ).run(plan.trials[0])
  }

  /// Stopped again and again, at every part of the trial.
  @Test(arguments: trials)
  func aTrialThatIsStoppedAndResumedEndsWithTheSameBits(_ trial: String) throws {
    let plan = try plan(trial)
    let whole = try #require(run(plan))
    #expect(whole.outcome.status == .completed, "\(whole.outcome.message)")
    let kept = Mutex<[UInt8]?>(nil)
    let keeper = CheckpointKeeper(
      interval: .seconds(3600), load: { _ in kept.withLock { $0 } },
      save: { _, bytes in kept.withLock { $0 = bytes } })
    var runs = 0
    var record: TrialRecord?
    while record == nil, runs < 100 {
      let asked = Atomic<Int>(0)
      let limit = 11 + runs
      record = run(plan, keeper) { asked.add(1, ordering: .relaxed).newValue > limit }
      runs += 1
    }
    #expect(runs > 3 && runs < 100)
    #expect(try #require(record).hasSameResults(as: whole))
  }

  /// Killed after any of its checkpoints.
  @Test(arguments: trials)
  func aTrialThatIsKilledGoesOnFromItsLastCheckpoint(_ trial: String) throws {
    let plan = try plan(trial)
    let kept = Mutex<[[UInt8]]>([])
    let whole = try #require(
      run(
        plan,
        CheckpointKeeper(
          interval: .zero, load: { _ in nil },
          save: { _, bytes in kept.withLock { $0.append(bytes) } })))
    let checkpoints = kept.withLock { $0 }
    #expect(checkpoints.count > 30)
    for number in stride(from: 0, to: checkpoints.count, by: max(1, checkpoints.count / 12)) {
      let keeper = CheckpointKeeper(
        interval: .seconds(3600), load: { _ in checkpoints[number] }, save: { _, _ in })
      let record = try #require(run(plan, keeper))
      #expect(record.hasSameResults(as: whole), "checkpoint \(number) of \(checkpoints.count)")
      #expect(record.seconds > 0)
    }
  }

  @Test func whatAnEarlierRunDidIsNotDoneAgain() throws {
    let plan = try plan(Self.trials[0])
    let kept = Mutex<[[UInt8]]>([])
    _ = run(
      plan,
      CheckpointKeeper(
        interval: .zero, load: { _ in nil },
        save: { _, bytes in kept.withLock { $0.append(bytes) } }))
    let last = try #require(kept.withLock { $0 }.last)
    let steps = Atomic<Int>(0)
    let keeper = CheckpointKeeper(
      interval: .seconds(3600), load: { _ in last }, save: { _, _ in })
    _ = run(plan, keeper) {
      steps.add(1, ordering: .relaxed)
      return false
    }
    #expect(steps.load(ordering: .relaxed) < 10)
  }

  @Test func aCheckpointThatCannotBeUsedIsToldAndTheTrialBeginsAgain() throws {
    let plan = try plan(Self.trials[0])
    let whole = try #require(run(plan))
    let kept = Mutex<[UInt8]>([])
    _ = run(
      plan,
      CheckpointKeeper(
        interval: .zero, load: { _ in nil }, save: { _, bytes in kept.withLock { $0 = bytes } }))
    var other = try PropertyListDecoder().decode(
      Checkpoint.self, from: Data(kept.withLock { $0 }))
    #expect(other.program == Checkpoint.program && other.program.count == 64)
    other.program = String(other.program.reversed())
    let rebuilt = Array(try PropertyListEncoder().encode(other))
    for bytes in [[], [0, 1, 2], Array(#"{"program": "another"}"#.utf8), rebuilt] as [[UInt8]] {
      let troubles = Mutex<[String]>([])
      let keeper = CheckpointKeeper(
        interval: .seconds(3600), load: { _ in bytes }, save: { _, _ in },
        report: { id, trouble in troubles.withLock { $0.append("\(id) \(trouble)") } })
      #expect(run(plan, keeper)?.hasSameResults(as: whole) == true)
      let told = troubles.withLock { $0 }
      #expect(told.count == 1 && told[0].contains("notUsed(reason: \"another build"))
    }
  }

  @Test func storedParametersThatCannotBeReadAreAFailureAndNotTrainedAgain() throws {
    let plan = try plan(Self.trials[0])
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []))
    let record = try #require(
      runner.measureAgain(plan.trials[0]) { throw TrialFailure("no such file") })
    #expect(record.outcome.status == .failed && record.steps == 0)
    #expect(record.outcome.message.hasPrefix("its stored parameters cannot be read: "))
  }

  @Test func numbersKeepTheirBits() throws {
    let values = [
      0, -0.0, 0.1, .nan, .infinity, -.infinity, .leastNonzeroMagnitude,
      Double(bitPattern: 0x7FF8_0000_0000_07A2),
    ]
    let bytes = try PropertyListEncoder().encode(["x": Exact(wrappedValue: values)])
    let read = try PropertyListDecoder().decode([String: Exact].self, from: bytes)
    #expect(read["x"]?.wrappedValue.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func aStoppedSweepLeavesACheckpointAndAFinishedOneNone() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("long.h5")
    let text = smallExperiment(grid: #""loss": ["ism"], "training.steps": [200000]"#)
    let start = ContinuousClock().now
    let stopped = try Sweep(text, at: path) {
      $0.isStopped = { start.duration(to: ContinuousClock().now) > .seconds(1) }
    }.run()
    #expect(!stopped.isComplete)
    let left = try FileManager.default.contentsOfDirectory(atPath: path + ".d")
    #expect(left.filter { $0.hasSuffix(".checkpoint") }.count == 1)
    let store = ResultsStore(path: path)
    let id = try #require(try store.checkpoints.ids().first)
    let bytes = try #require(try store.checkpoints.load(id))
    #expect(try #require(try Checkpoint.decoded(bytes).training).step > 100)
    // One byte of it turned: it is not used, which is said.
    let file = "\(path).d/\(id).checkpoint"
    var damaged = try Data(contentsOf: URL(fileURLWithPath: file))
    damaged[damaged.count / 2] ^= 1
    try damaged.write(to: URL(fileURLWithPath: file))
    #expect(throws: ResultsError.self) { try store.checkpoints.load(id) }
    let told = Mutex(0)
    let counts = try Sweep(text, at: path) { $0.isStopped = { told.withLock { $0 } > 0 } }
      .run { event in
        if case .checkpointNotUsed(id, _) = event { told.withLock { $0 += 1 } }
      }
    #expect(told.withLock { $0 } == 1 && !counts.isComplete)
  }
}
