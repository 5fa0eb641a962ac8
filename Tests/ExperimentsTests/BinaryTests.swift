// Seen to fail, of the frequencies: every one of the losses changed in its sign, its power or its factor; bits for
// spins; couplings halved.
import Expressions
import Planning
import Results
import Settings
import Testing

@testable import Experiments

@Suite struct BinaryTests {
  private func mistake(_ base: String, metrics: String = "") -> String {
    let text =
      #"{"name": "t", "base": {\#(base)}, "grid": {"repeat": 1}, "metrics": [\#(metrics)]}"#
    do throws(InvalidExperiment) {
      _ = try Plan(reading: Array(text.utf8), named: "t.json", catalogue: .scoreSweep)
      return ""
    } catch { return error.diagnostics.map { "\($0.path): \($0)" }.joined(separator: "\n") }
  }

  private let bits = #""data": "boltzmann-machine""#

  @Test func lossesModelsAndMetricsOfOneWorldAreRefusedInTheOther() {
    #expect(mistake(#"\#(bits), "loss": "pl""#).isEmpty)
    #expect(mistake(#"\#(bits), "loss": "ism""#).contains("the data are bits, which have no score"))
    #expect(mistake(#"\#(bits), "loss": "nce""#).contains("the noise is of real numbers"))
    #expect(mistake(#"\#(bits), "loss": "gaussian-fit""#).contains("Use rm, pl, mpf or ml"))
    #expect(mistake(#""data": "gaussian", "loss": "rm""#).contains("the loss flips bits"))
    #expect(
      mistake(#""data": "gaussian", "loss": "ism", "model": "rbm""#).contains(
        "the model is of bits"))
    #expect(
      mistake(#"\#(bits), "loss": "mpf", "model": "gaussian""#).contains(
        "the model is of real numbers"))
    #expect(
      mistake(#"\#(bits), "loss": "pl", "sampler": { "type": "ula" }"#).contains(
        "Leave the sampler out"))
    #expect(
      mistake(#"\#(bits), "loss": "pl", "training": { "early_stopping": {} }"#).contains(
        "Stop by validation_loss"))
    #expect(
      mistake(#"\#(bits), "loss": "pl""#, metrics: #""fisher_divergence""#).contains(
        "the data are bits, which have no score"))
  }

  @Test func statesBeyondTwentyUnitsAreNotEnumerated() {
    #expect(
      mistake(#"\#(bits), "loss": "pl", "dimension": 21"#).contains("the table of its 2^21 states"))
    let images = #""data": { "type": "bars-and-stripes", "side": 5 }"#
    #expect(mistake(#"\#(images), "loss": "pl""#).isEmpty)
    #expect(
      mistake(#"\#(images), "loss": "ml", "model": "boltzmann-machine""#).contains(
        "a sum over 2^25 states"))
    #expect(
      mistake(#"\#(images), "loss": "pl""#, metrics: #""log_likelihood""#).contains(
        "a sum over 2^25 states"))
    let model = #""model": { "type": "rbm", "hidden_units": 6 }"#
    #expect(mistake(#"\#(images), "loss": "ml", \#(model)"#, metrics: #""log_likelihood""#).isEmpty)
    #expect(
      mistake(#"\#(images), "loss": "ml", "model": "energy-mlp""#).contains("is not known"))
  }

  /// Two units and their four states: every law is in the family, so that each estimator finds the frequencies of the
  /// rows, and all of them the same numbers.
  @Test func onTwoUnitsAllEstimatorsAreTheFrequencies() throws {
    let plan = try plan(
      """
      { "name": "two", "base": { "dimension": 2, "precision": "float64", "fit": "full-batch",
          "data": { "type": "boltzmann-machine", "graph": "complete", "train": 300, "validation": 1, "test": 1 },
          "model": "boltzmann-machine", "lbfgs": { "tolerance": 1e-11 } },
        "grid": { "loss": ["ml", "pl", "rm", "mpf"] } }
      """)
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []))
    let rows = try TrialData(plan.trials[0], files: DataFiles(folders: [])).train
    var counts = [0.0, 0, 0, 0]
    for row in 0..<300 { counts[Int(rows[2 * row] + 2 * rows[2 * row + 1])] += 1 }
    #expect(counts.allSatisfy { $0 > 5 })
    let logs = counts.map { Real.log($0) }
    let exact = [
      (logs[3] - logs[2] - logs[1] + logs[0]) / 4, (logs[3] + logs[1] - logs[2] - logs[0]) / 4,
      (logs[3] + logs[2] - logs[1] - logs[0]) / 4,
    ]
    for trial in plan.trials {
      let record = try #require(runner.run(trial))
      #expect(record.outcome.status == .completed, "\(record.outcome.message)")
      let values = record.parameters.map { array -> [Double] in
        if case .float64(let values) = array.values { values } else { [] }
      }
      let found = [values[0][1], values[1][0], values[1][1]]
      for (a, b) in zip(found, exact) {
        #expect(abs(a - b) < 1e-8, "\(trial.settings["loss.type"] ?? .null): \(found) \(exact)")
      }
    }
  }
}
