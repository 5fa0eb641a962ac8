// Seen to fail with the complexity of a loss left out.
import Foundation
import Testing

/// Every loss, estimator and metric says its equation, its arguments, its cost and its source.
@Suite struct DocumentationTests {
  static let sources = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/ScoreMatching")

  struct Declaration {
    let line: String
    let comment: [String]
  }

  /// The declarations in a file whose line begins with one of the words, with the comments above
  /// them.
  static func declarations(in path: String, beginning words: [String]) throws -> [Declaration] {
    let text = try String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
    let lines = text.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    return lines.indices.filter { index in words.contains { lines[index].hasPrefix($0) } }.map {
      let comment = lines[..<$0].reversed().prefix { $0.hasPrefix("///") }
      return Declaration(line: lines[$0], comment: comment.reversed())
    }
  }

  static let files: [(path: String, words: [String])] = [
    ("Losses/ExplicitScoreMatching.swift", ["public func"]),
    ("Losses/ImplicitScoreMatching.swift", ["public func"]),
    ("Losses/SlicedScoreMatching.swift", ["public func"]),
    ("Losses/VarianceReducedSlicedScoreMatching.swift", ["public func"]),
    ("Losses/DenoisingScoreMatching.swift", ["public func"]),
    ("Losses/FiniteDifferenceSlicedScoreMatching.swift", ["public func"]),
    ("Losses/FiniteDifferenceVarianceReducedSlicedScoreMatching.swift", ["public func"]),
    ("Losses/FiniteDifferenceDenoisingScoreMatching.swift", ["public func"]),
    ("Losses/ControlledDenoisingScoreMatching.swift", ["public func"]),
    ("Losses/QuadratureDenoisingScoreMatching.swift", ["public func"]),
    ("Losses/MaximumLikelihood.swift", ["public func"]),
    ("Losses/NoiseContrastiveEstimation.swift", ["public func"]),
    ("Metrics/LogNormaliserError.swift", ["public static"]),
    ("Losses/CurvaturePropagation.swift", ["public func curvature"]),
    ("Losses/ApproximateBackPropagation.swift", ["public func approximate"]),
    ("Metrics/FisherDivergenceByDensity.swift", ["public static"]),
    ("Metrics/MinibatchVariance.swift", ["public static"]),
    ("Losses/NoiseConditionalScoreMatching.swift", ["public func"]),
    ("Samplers/ProbabilityFlow.swift", ["public static func step", "public static func logPrior"]),
    ("Metrics/WeightEstimation.swift", ["var error", "var asymptotic"]),
    ("Metrics/FlowLikelihood.swift", ["static func flow"]),
    ("Estimators/Divergence.swift", ["public func divergence", "public func hutchinson"]),
    ("Losses/GeneralizedScoreMatching.swift", ["public func"]),
    ("Metrics/FisherDivergence.swift", ["public static"]),
    ("Metrics/GeneralizedDivergence.swift", ["public static"]),
    (
      "Metrics/ParameterError.swift",
      ["public static func parameter", "public static func cov", "public static func unmixing"]
    ),
    ("Metrics/DenoisingError.swift", ["public static"]),
    ("Metrics/MaximumMeanDiscrepancy.swift", ["static func maximum", "static func energy"]),
    ("Metrics/SlicedWasserstein.swift", ["static func"]),
    ("Metrics/MixtureWeights.swift", ["static func", "static var"]),
    ("Metrics/LogLikelihood.swift", ["static var logLikelihood"]),
    ("Metrics/ImportanceSampling.swift", ["static func importance"]),
    ("Metrics/AnnealedImportanceSampling.swift", ["static func annealed"]),
    ("Metrics/FisherScoreMetrics.swift", ["static func"]),
    ("Estimators/FisherInformation.swift", ["public static func estimate"]),
    ("Samplers/UnadjustedLangevin.swift", ["public func"]),
    ("Samplers/MetropolisAdjustedLangevin.swift", ["public func"]),
    ("Samplers/HamiltonianMonteCarlo.swift", ["public func"]),
    ("Samplers/AnnealedLangevin.swift", ["public func"]),
    ("Samplers/PredictorCorrector.swift", ["public func"]),
  ]

  @Test(arguments: files.indices)
  func theMathematicsIsDocumented(_ index: Int) throws {
    let (path, words) = Self.files[index]
    let declarations = try Self.declarations(in: path, beginning: words)
    #expect(!declarations.isEmpty)
    for declaration in declarations {
      let comment = declaration.comment.joined(separator: "\n")
      for part in ["///     ", "- Complexity:", "Reference"] {
        #expect(comment.contains(part), "\(declaration.line) in \(path) lacks \"\(part)\"")
      }
      if declaration.line.contains("func ") {
        #expect(comment.contains("- Parameter"), "\(declaration.line) in \(path)")
      }
    }
  }
}
