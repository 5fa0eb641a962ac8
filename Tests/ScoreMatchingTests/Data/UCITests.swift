// The published data sets, where DATA_DIR names the folder that holds them; skipped elsewhere.
import Expressions
import Foundation
import Settings
import Testing

@testable import ScoreMatching

private let hasData: Bool = {
  guard let folder = ProcessInfo.processInfo.environment["DATA_DIR"] else { return false }
  return ["winequality-red.csv", "winequality-white.csv", "parkinsons_updrs.data"].allSatisfy {
    FileManager.default.isReadableFile(atPath: "\(folder)/\($0)")
  }
}()

@Suite(.enabled(if: hasData, "DATA_DIR is no folder with the data; make data fetches them"))
struct UCITests {
  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = ProcessInfo.processInfo.environment["DATA_DIR"] ?? "."
    return Array(try Data(contentsOf: URL(fileURLWithPath: folder).appendingPathComponent(name)))
  }

  /// The implicit score matching loss of the Gaussian with the training rows' moments, on rows held
  /// out: over shuffles, because single test sets of these heavy-tailed data differ by several
  /// units.
  static func gaussianLosses(
    _ bytes: [UInt8], _ settings: KeyValuePairs<String, SettingValue>
  ) throws -> (mean: Double, error: Double) {
    try estimate(
      (1...12).map { seed in
        let data = try TableDataTests.prepare(bytes, settings, seed: UInt64(seed))
        let fit = try GaussianFit.fit(data.train, dimension: data.dimension)
        let test = Tensor.literal(data.test, [data.test.count / data.dimension, data.dimension])
        return number(Metric.implicitScoreMatching.value(of: fit.score, at: test))
      })
  }

  @Test func redWineHasThePublishedPartsAndTheGaussiansLoss() throws {
    let bytes = try Self.bytes("winequality-red.csv")
    let settings: KeyValuePairs<String, SettingValue> = [
      "separator": .text(";"), "drop_columns": .list([.text("quality")]),
      "dequantise": .boolean(true),
    ]
    let data = try TableDataTests.prepare(bytes, settings)
    #expect(data.dimension == 11)
    #expect([data.train, data.validation, data.test].map { $0.count / 11 } == [1296, 144, 159])
    let loss = try Self.gaussianLosses(bytes, settings)
    #expect((loss.mean + 5.5).magnitude < 4 * loss.error, "\(loss)")
    #expect(loss.error < 0.3)
  }

  @Test func whiteWineHasThePublishedParts() throws {
    let data = try TableDataTests.prepare(
      Self.bytes("winequality-white.csv"),
      ["separator": .text(";"), "drop_indices": .list([.number(-1)]), "dequantise": .boolean(true)])
    #expect([data.train, data.validation, data.test].map { $0.count / 11 } == [3969, 440, 489])
  }

  @Test func parkinsonsKeepsFifteenColumnsAndTheGaussiansLoss() throws {
    let bytes = try Self.bytes("parkinsons_updrs.data")
    let settings: KeyValuePairs<String, SettingValue> = [
      "drop_indices": .list([.number(0), .number(1), .number(2)]), "max_correlation": .number(0.98),
    ]
    let data = try TableDataTests.prepare(bytes, settings)
    #expect(
      data.columns == [
        "test_time", "motor_UPDRS", "total_UPDRS", "Jitter(Abs)", "Jitter:PPQ5", "Jitter:DDP",
        "Shimmer(dB)", "Shimmer:APQ5", "Shimmer:APQ11", "Shimmer:DDA", "NHR", "HNR", "RPDE", "DFA",
        "PPE",
      ])
    #expect([data.train, data.validation, data.test].map { $0.count / 15 } == [4760, 528, 587])
    let loss = try Self.gaussianLosses(bytes, settings)
    #expect((loss.mean + 7.5).magnitude < 4 * loss.error, "\(loss)")
    #expect(loss.error < 0.4)
  }
}
