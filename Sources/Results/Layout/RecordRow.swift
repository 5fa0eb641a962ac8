import HDF5

/// A row of a results file: a finished trial, or one that waits.
struct RecordRow {
  /// The record; its heavy parts may have been left in the file that it was read from.
  var record: TrialRecord
  var isWaiting = false
  /// Whether the plan has this trial: one that it had earlier keeps its row.
  var isPlanned = true
  var checkpointCount: Int
  var parameters: [ArrayForm]
  var samples: [ArrayForm]
  /// Where the row and its arrays stand in the file that it was read from.
  var place = Place()

  struct Place {
    var row = 0
    var parameters: StackPlace?
    var samples: StackPlace?
  }

  /// A row of a stack.
  struct StackPlace {
    var stack: String
    var row: Int
  }

  /// The row of a complete record.
  init(_ record: TrialRecord) {
    self.record = record
    checkpointCount = record.curves.count
    parameters = record.parameters.map(ArrayForm.init)
    samples = record.samples.map(ArrayForm.init)
  }

  /// The row of a planned trial that has not finished.
  init(waiting trial: ExperimentDescription.PlannedTrial) {
    self.init(
      TrialRecord(
        id: trial.id, axes: trial.axes, settings: trial.settings, outcome: Outcome(.failed)))
    isWaiting = true
  }
}

/// An array without its numbers.
struct ArrayForm: Hashable {
  var name: String
  var shape: [Int]
  var type: ElementType

  init(name: String, shape: [Int], type: ElementType) {
    self.name = name
    self.shape = shape
    self.type = type
  }

  init(_ array: NamedArray) {
    name = array.name
    shape = array.shape
    type =
      switch array.values {
      case .float32: .float32
      case .float64: .float64
      }
  }

  var byteCount: Int { shape.reduce(type == .float32 ? 4 : 8, *) }
}

/// Gives records of rows with some of their heavy parts, in the order asked for.
typealias RecordProvider = (_ rows: [Int], _ contents: RecordContents) throws -> [TrialRecord]
