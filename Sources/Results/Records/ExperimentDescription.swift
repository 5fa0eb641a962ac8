/// What the text of an experiment needs beside itself, so that it can be planned again.
public struct ExperimentContext: Sendable, Equatable {
  /// A file that the experiment includes.
  public struct IncludedFile: Sendable, Equatable {
    /// The path relative to the experiment file.
    public var path: String
    /// The file, verbatim.
    public var source: String

    /// A file with its path.
    public init(path: String, source: String) {
      self.path = path
      self.source = source
    }
  }

  /// The files that the experiment includes.
  public var includedFiles: [IncludedFile]
  /// The settings that the command line set: `sigma=0.1,0.2`.
  public var set: [String]

  /// A context; an experiment that stands for itself has an empty one.
  public init(includedFiles: [IncludedFile] = [], set: [String] = []) {
    self.includedFiles = includedFiles
    self.set = set
  }
}

/// What a results file says about the experiment as a whole, and the order of everything in it.
public struct ExperimentDescription: Sendable {
  /// A trial of the plan, run or not.
  public struct PlannedTrial: Sendable, Equatable {
    /// The identity, 32 hexadecimal digits.
    public var id: String
    /// Where the trial stands on each axis.
    public var axes: [AxisEntry]
    /// The trial's settings as canonical JSON.
    public var settings: String

    /// A planned trial.
    public init(id: String, axes: [AxisEntry], settings: String) {
      self.id = id
      self.axes = axes
      self.settings = settings
    }
  }

  /// The name of the experiment.
  public var name: String
  /// What it is about, in a line.
  public var title: String
  /// The experiment file, verbatim.
  public var source: String
  /// What the file needs beside itself.
  public var context: ExperimentContext
  /// SHA-256 of the plan, hexadecimal.
  public var planDigest: String
  /// The grid's axes; each trial's `axes` name the same ones in the same order.
  public var axes: [AxisDescription]
  /// Every trial of the plan in its order.
  public var trials: [PlannedTrial]
  /// Facts about the run, written as attributes of the file: version, commit, ISA, CPU model.
  public var provenance: [(name: String, value: String)]
  /// The index in `trials` of a full combination of axis values, -1 where the plan has none.
  ///
  /// The combination is one index into each axis's values. A trial answers for every value of an
  /// axis that does not apply to it.
  public var cell: @Sendable (_ valueIndices: [Int]) -> Int

  /// A description of all parts.
  public init(
    name: String, title: String, source: String, context: ExperimentContext = ExperimentContext(),
    planDigest: String, axes: [AxisDescription],
    trials: [PlannedTrial], provenance: [(name: String, value: String)],
    cell: @escaping @Sendable (_ valueIndices: [Int]) -> Int
  ) {
    self.name = name
    self.title = title
    self.source = source
    self.context = context
    self.planDigest = planDigest
    self.axes = axes
    self.trials = trials
    self.provenance = provenance
    self.cell = cell
  }
}

/// What a finished results file says about the experiment that it holds.
public struct StoredExperiment: Sendable, Equatable {
  /// The name of the experiment.
  public var name: String
  /// What it is about, in a line.
  public var title: String
  /// The experiment file, verbatim.
  public var source: String
  /// What the file needs beside itself.
  public var context: ExperimentContext
  /// SHA-256 of the plan, hexadecimal.
  public var planDigest: String
  /// The grid's axes with their values in the order of the plan.
  public var axes: [AxisDescription]
  /// The trials of the plan that have not run.
  public var waiting: [ExperimentDescription.PlannedTrial]
  /// The file's remaining attributes in the order of their names.
  public var attributes: [Attribute]
}
