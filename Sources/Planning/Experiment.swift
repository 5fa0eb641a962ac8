import Settings

/// An experiment file, read and found free of mistakes.
public struct Experiment: Sendable {
  /// The name of results files: letters, digits, `-`, `_` and `.`.
  public let name: String
  /// The title for people; the name where the file gives none.
  public let title: String
  /// The seed of all randomness, 0 where the file gives none.
  public let seed: Int
  /// The combinations left out; those of sub-grids stand after those of the whole.
  public let exclusions: [Exclusion]
  /// The measurements asked for, in the order of the file.
  public let metrics: [MetricSpecification]
  /// The tables asked for, in the order of the file.
  public let tables: [TableSpecification]
  /// The file's name, as diagnostics print it.
  public let fileName: String
  /// The file, verbatim.
  public let source: String
  /// The files that it includes, in the order of reading, verbatim.
  public let includedFiles: [IncludedFile]
  /// What the command line changed.
  public let amendments: Amendments
  /// The grid at the top, where there is one, and those under `also`; at least one.
  let subGrids: [SubGrid]
  /// How many of the exclusions hold for all sub-grids: the first ones.
  let commonExclusionCount: Int
  /// The conditions of the command line's `--only`.
  let selection: [Condition]
  /// Where the file asks for its metrics, one for each.
  let metricSpots: [Spot]
  /// Where the file begins its tables, one for each.
  let tableSpots: [Spot]

  /// The exclusions that hold for a sub-grid.
  func exclusions(of subGrid: SubGrid) -> [Int] {
    Array(0..<commonExclusionCount) + Array(subGrid.exclusions)
  }
}

extension Experiment {
  /// Reads an experiment file and checks everything that can be checked before it is expanded.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - fileName: its name, for diagnostics.
  ///   - catalogue: what an experiment can say.
  ///   - files: the files that it may include.
  ///   - amendments: what the command line changes.
  /// - Throws: ``InvalidExperiment`` with every mistake found.
  public init(
    reading bytes: [UInt8], named fileName: String, catalogue: Catalogue,
    including files: IncludableFiles = .none, amendments: Amendments = Amendments()
  ) throws(InvalidExperiment) {
    var reader = ExperimentReader(
      bytes, named: fileName, catalogue: catalogue, including: files, amendments: amendments)
    let draft = reader.read()
    guard let experiment = draft.experiment, draft.diagnostics.isEmpty else {
      throw InvalidExperiment(draft.diagnostics, in: fileName)
    }
    self = experiment
  }
}

/// A file that an experiment includes.
public struct IncludedFile: Sendable, Equatable {
  /// Its path relative to the experiment file, without `.` and unnecessary `..`.
  public let path: String
  /// The file, verbatim.
  public let source: String

  /// A file with its path relative to the experiment.
  public init(path: String, source: String) {
    self.path = path
    self.source = source
  }
}

/// Where the files come from that an experiment includes.
public struct IncludableFiles: Sendable {
  /// The bytes of the file at a path relative to the experiment file, nil where there is none that can be
  /// read.
  public let contents: @Sendable (_ path: String) -> [UInt8]?

  /// Files by a function that reads them.
  public init(_ contents: @escaping @Sendable (_ path: String) -> [UInt8]?) {
    self.contents = contents
  }

  /// The files that were recorded with an experiment.
  public init(_ files: [IncludedFile]) {
    self.init { path in files.first { $0.path == path }.map { Array($0.source.utf8) } }
  }

  /// No files at all.
  public static let none = IncludableFiles { _ in nil }
}

/// What the command line changes in an experiment, in the order it was said.
public struct Amendments: Sendable, Equatable {
  /// Axes or settings to set: `sigma=0.1,0.2`.
  public let set: [String]
  /// Tests that trials must meet: `loss=dsm`.
  public let only: [String]

  /// Changes as the command line has them.
  public init(set: [String] = [], only: [String] = []) {
    self.set = set
    self.only = only
  }

  /// Whether nothing is changed.
  public var isEmpty: Bool { self.set.isEmpty && only.isEmpty }
}
