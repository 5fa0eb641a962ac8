import Settings

/// An experiment file, read and found free of mistakes.
public struct Experiment: Sendable {
  /// The name of results files: letters, digits, `-`, `_` and `.`.
  public let name: String
  /// The title for people; the name where the file gives none.
  public let title: String
  /// The seed of all randomness, 0 where the file gives none.
  public let seed: Int
  /// What every trial says unless an axis says otherwise, as written, variants as objects.
  public let base: SettingValue
  /// The combinations left out.
  public let exclusions: [Exclusion]
  /// The measurements asked for, in the order of the file.
  public let metrics: [MetricSpecification]
  /// The tables asked for, in the order of the file.
  public let tables: [TableSpecification]
  /// The file's name, as diagnostics print it.
  public let fileName: String
  /// The file, verbatim.
  public let source: String
  /// The axes with their places in the file.
  let gridAxes: [GridAxis]
  /// The file with the places that later diagnostics point at.
  let layout: Layout

  /// What varies, in the order of the file, `repeat` last.
  public var axes: [Axis] { gridAxes.map(\.axis) }

  /// Where things stand in the file.
  struct Layout: Sendable {
    let source: SourceText
    /// The value of `base`, nil where the file has none.
    let base: JSONNode?
    /// The key `grid`.
    let gridSpan: Range<Int>
  }
}

extension Experiment {
  /// Reads an experiment file and checks everything that can be checked before it is expanded.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - fileName: its name, for diagnostics.
  ///   - catalogue: what an experiment can say.
  /// - Throws: ``InvalidExperiment`` with every mistake found.
  public init(
    reading bytes: [UInt8], named fileName: String, catalogue: Catalogue
  ) throws(InvalidExperiment) {
    var reader = ExperimentReader(bytes, named: fileName, catalogue: catalogue)
    let draft = reader.read()
    guard let experiment = draft.experiment, draft.diagnostics.isEmpty else {
      throw InvalidExperiment(draft.diagnostics)
    }
    self = experiment
  }
}

/// An axis of the grid with the places of its values.
struct GridAxis: Sendable {
  let axis: Axis
  let entry: Vocabulary.Entry
  /// The place of the axis's key.
  let keySpan: Range<Int>
  /// The path of the axis in the file.
  let path: JSONPath
  /// The place of each value of the axis; generated values share one.
  let places: [Place]
  /// How often each value of the axis is listed.
  let multiplicities: [Int]

  /// A value's place in the file.
  struct Place: Sendable {
    let node: JSONNode
    let path: JSONPath
  }
}
