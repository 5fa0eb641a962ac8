import HDF5

extension AnswerWriter {
  mutating func rows(_ rows: [RecordRow]) {
    list(rows) { $0.row($1) }
  }

  private mutating func row(_ row: RecordRow) {
    let record = row.record
    text(record.id)
    axes(record.axes)
    text(record.settings)
    text(record.outcome.status.rawValue)
    text(record.outcome.message)
    list(record.metrics) { writer, metric in
      writer.text(metric.name)
      writer.number(metric.value)
      writer.text(metric.unit)
      writer.text(metric.longName)
    }
    integer(record.steps)
    number(record.seconds)
    number(record.secondsPerStep)
    integer(record.parameterCount)
    text(record.seed)
    text(record.architecture)
    list(record.architectureAttributes) { $0.attribute($1) }
    flag(row.isWaiting)
    flag(row.isPlanned)
    integer(row.checkpointCount)
    list(row.parameters) { $0.form($1) }
    list(row.samples) { $0.form($1) }
    integer(row.place.row)
    optional(row.place.parameters) { $0.place($1) }
    optional(row.place.samples) { $0.place($1) }
  }

  private mutating func axes(_ axes: [AxisEntry]) {
    list(axes) { writer, axis in
      writer.text(axis.name)
      writer.optional(axis.value) { $0.axisValue($1) }
    }
  }

  private mutating func axisValue(_ value: AxisValue) {
    switch value {
    case .number(let number):
      integer(0)
      self.number(number)
    case .text(let text):
      integer(1)
      self.text(text)
    case .boolean(let flag):
      integer(2)
      self.flag(flag)
    }
  }

  private mutating func form(_ form: ArrayForm) {
    text(form.name)
    list(form.shape) { $0.integer($1) }
    text(form.type.rawValue)
  }

  private mutating func place(_ place: RecordRow.StackPlace) {
    text(place.stack)
    integer(place.row)
  }

  private mutating func attribute(_ attribute: Attribute) {
    text(attribute.name)
    switch attribute.value {
    case .text(let value): (integer(0), text(value)).1
    case .number(let value): (integer(1), number(value)).1
    case .integer(let value): (integer(2), integer(value)).1
    case .boolean(let value): (integer(3), flag(value)).1
    case .texts(let values): (integer(4), list(values) { $0.text($1) }).1
    case .numbers(let values): (integer(5), list(values) { $0.number($1) }).1
    case .integers(let values): (integer(6), list(values) { $0.integer($1) }).1
    }
  }

  mutating func experiment(_ experiment: StoredExperiment) {
    text(experiment.name)
    text(experiment.title)
    text(experiment.source)
    list(experiment.context.includedFiles) { writer, file in
      writer.text(file.path)
      writer.text(file.source)
    }
    list(experiment.context.set) { $0.text($1) }
    text(experiment.planDigest)
    list(experiment.axes) { writer, axis in
      writer.text(axis.name)
      writer.list(axis.values) { $0.axisValue($1) }
      writer.text(axis.unit)
      writer.text(axis.longName)
    }
    list(experiment.waiting) { writer, trial in
      writer.text(trial.id)
      writer.axes(trial.axes)
      writer.text(trial.settings)
    }
    list(experiment.attributes) { $0.attribute($1) }
  }

  /// The heavy parts of records.
  mutating func parts(of records: [TrialRecord]) {
    list(records) { writer, record in
      writer.list(record.curves) { writer, point in
        writer.integer(point.step)
        writer.number(point.trainingLoss)
        writer.number(point.validationLoss)
        writer.number(point.gradientNorm)
      }
      writer.list(record.parameters) { $0.array($1) }
      writer.list(record.samples) { $0.array($1) }
    }
  }

  private mutating func array(_ array: NamedArray) {
    text(array.name)
    list(array.shape) { $0.integer($1) }
    switch array.values {
    case .float32(let values):
      flag(false)
      list(values) { $0.bits($1.bitPattern) }
    case .float64(let values):
      flag(true)
      list(values) { $0.bits($1.bitPattern) }
    }
  }
}

extension AnswerReader {
  mutating func rows() throws(BadAnswer) -> [RecordRow] {
    try list { reader throws(BadAnswer) in try reader.row() }
  }

  private mutating func row() throws(BadAnswer) -> RecordRow {
    let (id, axes, settings) = (try text(), try axes(), try text())
    guard let status = Status(rawValue: try text()) else { throw BadAnswer() }
    let message = try text()
    let metrics = try list { reader throws(BadAnswer) in
      let (name, value) = (try reader.text(), try reader.number())
      return Metric(name, value, unit: try reader.text(), longName: try reader.text())
    }
    let record = TrialRecord(
      id: id, axes: axes, settings: settings, outcome: Outcome(status, message: message),
      metrics: metrics, steps: try integer(), seconds: try number(), secondsPerStep: try number(),
      parameterCount: try integer(), seed: try text(), architecture: try text(),
      architectureAttributes: try list { reader throws(BadAnswer) in try reader.attribute() })
    var row = RecordRow(record)
    row.isWaiting = try flag()
    row.isPlanned = try flag()
    row.checkpointCount = try integer()
    row.parameters = try list { reader throws(BadAnswer) in try reader.form() }
    row.samples = try list { reader throws(BadAnswer) in try reader.form() }
    row.place.row = try integer()
    row.place.parameters = try optional { reader throws(BadAnswer) in try reader.place() }
    row.place.samples = try optional { reader throws(BadAnswer) in try reader.place() }
    return row
  }

  private mutating func axes() throws(BadAnswer) -> [AxisEntry] {
    try list { reader throws(BadAnswer) in
      let name = try reader.text()
      return AxisEntry(
        name, try reader.optional { reader throws(BadAnswer) in try reader.axisValue() })
    }
  }

  private mutating func axisValue() throws(BadAnswer) -> AxisValue {
    switch try integer() {
    case 0: .number(try number())
    case 1: .text(try text())
    case 2: .boolean(try flag())
    default: throw BadAnswer()
    }
  }

  private mutating func shape() throws(BadAnswer) -> [Int] {
    let shape = try list { reader throws(BadAnswer) in try reader.integer() }
    var count = 8
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(extent, 1))
      guard extent >= 0, !overflow else { throw BadAnswer() }
      count = product
    }
    return shape
  }

  private mutating func form() throws(BadAnswer) -> ArrayForm {
    let (name, shape) = (try text(), try shape())
    guard let type = ElementType(rawValue: try text()) else { throw BadAnswer() }
    return ArrayForm(name: name, shape: shape, type: type)
  }

  private mutating func place() throws(BadAnswer) -> RecordRow.StackPlace {
    RecordRow.StackPlace(stack: try text(), row: try integer())
  }

  private mutating func attribute() throws(BadAnswer) -> Attribute {
    let name = try text()
    let value: AttributeValue =
      switch try integer() {
      case 0: .text(try text())
      case 1: .number(try number())
      case 2: .integer(try integer())
      case 3: .boolean(try flag())
      case 4: .texts(try list { reader throws(BadAnswer) in try reader.text() })
      case 5: .numbers(try list(atLeast: 8) { reader throws(BadAnswer) in try reader.number() })
      case 6: .integers(try list(atLeast: 8) { reader throws(BadAnswer) in try reader.integer() })
      default: throw BadAnswer()
      }
    return Attribute(name, value)
  }

  mutating func experiment() throws(BadAnswer) -> StoredExperiment {
    let (name, title, source) = (try text(), try text(), try text())
    let files = try list { reader throws(BadAnswer) in
      let path = try reader.text()
      return ExperimentContext.IncludedFile(path: path, source: try reader.text())
    }
    let set = try list { reader throws(BadAnswer) in try reader.text() }
    let digest = try text()
    let axes = try list { reader throws(BadAnswer) in
      let name = try reader.text()
      let values = try reader.list { reader throws(BadAnswer) in try reader.axisValue() }
      return AxisDescription(
        name, values, unit: try reader.text(), longName: try reader.text())
    }
    let waiting = try list { reader throws(BadAnswer) in
      let (id, axes) = (try reader.text(), try reader.axes())
      return ExperimentDescription.PlannedTrial(id: id, axes: axes, settings: try reader.text())
    }
    return StoredExperiment(
      name: name, title: title, source: source,
      context: ExperimentContext(includedFiles: files, set: set), planDigest: digest, axes: axes,
      waiting: waiting,
      attributes: try list { reader throws(BadAnswer) in try reader.attribute() })
  }

  /// Puts heavy parts into the records that were asked for.
  mutating func parts(into records: [TrialRecord]) throws(BadAnswer) -> [TrialRecord] {
    var records = records
    guard try integer() == records.count else { throw BadAnswer() }
    for index in records.indices {
      records[index].curves = try list(atLeast: 32) { reader throws(BadAnswer) in
        let (step, training) = (try reader.integer(), try reader.number())
        return CurvePoint(
          step: step, trainingLoss: training, validationLoss: try reader.number(),
          gradientNorm: try reader.number())
      }
      records[index].parameters = try list { reader throws(BadAnswer) in try reader.array() }
      records[index].samples = try list { reader throws(BadAnswer) in try reader.array() }
    }
    return records
  }

  private mutating func array() throws(BadAnswer) -> NamedArray {
    let (name, shape) = (try text(), try shape())
    let values: NamedArray.Values =
      try flag()
      ? .float64(try list(atLeast: 8) { reader throws(BadAnswer) in try reader.number() })
      : .float32(
        try list(atLeast: 4) { reader throws(BadAnswer) in
          Float(bitPattern: try reader.bits32())
        })
    guard values.count == shape.reduce(1, *) else { throw BadAnswer() }
    return NamedArray(name, shape: shape, values: values)
  }
}
