/// What a trial asks of the machine, known before it runs.
struct TrialDemand: Sendable, Equatable {
  /// What its programs ask, whatever the number of steps.
  var programs = ProgramDemand()
  /// How long it trains.
  var length = TrainingLength()

  /// Cost, in Double, of what surrounds the programs: expressions, streams, the record. Trials of one
  /// step took half a millisecond.
  static let setUp = 2e7

  /// Cost of the whole trial, early stopping left out, in operations of a product in Float.
  var operations: Double {
    guard !programs.isUnknown else { return 0 }
    return training + 2 * (Self.setUp + (programs.once + programs.measuring).reduce(0, +))
  }

  private var training: Double {
    Double(length.steps) * programs.step * (programs.isDouble ? 2 : 1)
      + 2 * (Double(length.evaluations(until: length.steps)) * programs.evaluation)
  }

  /// Memory, part by part.
  var memory: TrialMemory { programs.memory }
  /// The most memory at one time, in bytes.
  var bytes: Int { memory.peak }
}

/// What the programs of a trial ask of the machine.
struct ProgramDemand: Sendable, Equatable {
  /// Cost of a training step, `Program.work`; 0 for a closed form.
  var step = 0.0
  /// Cores that a step can use.
  var stepCores = 1
  /// Whether training is in Double.
  var isDouble = false
  /// Cost of evaluating validation data, in Double.
  var evaluation = 0.0
  /// Cost of each program that runs once before metrics, in Double: exact scores, closed forms.
  var once: [Double] = []
  /// Cost of the sampler and of each metric, in Double.
  var measuring: [Double] = []
  /// Memory.
  var memory = TrialMemory()
  /// Why the data could not be read, where they could not: nothing is known then.
  var failure: String?
  /// Whether the data could not be read.
  var isUnknown: Bool { failure != nil }
}

/// How many steps a training takes.
struct TrainingLength: Sendable, Hashable {
  /// At most.
  var steps = 0
  /// Steps between evaluations.
  var evaluateEvery = 1
  /// Evaluations without a fall before it stops; nil where it goes on to the last step.
  var patience: Int?

  /// Evaluations of a training that ends after so many steps.
  func evaluations(until last: Int) -> Int {
    guard steps > 0 else { return 0 }
    let isPlanned = last % evaluateEvery == 0
    return 1 + last / evaluateEvery + (isPlanned || last < steps ? 0 : 1)
  }

  /// The step that it can stop at first: no evaluation after the one at the start has fallen. Nil
  /// where that is not before the last.
  var earliestStop: Int? {
    guard let patience else { return nil }
    let (step, overflow) = patience.multipliedReportingOverflow(by: evaluateEvery)
    return overflow || step >= steps ? nil : step
  }

  /// The step at a fraction of the way from the earliest possible to the last.
  func stop(at fraction: Double) -> Double {
    let earliest = Double(earliestStop ?? steps)
    return earliest + fraction * (Double(steps) - earliest)
  }

  /// The opposite: where between the two a training ended, 0 to 1; nil where it could not stop early.
  func fraction(ofStopAt step: Int) -> Double? {
    earliestStop.map { min(max(Double(step - $0) / Double(steps - $0), 0), 1) }
  }
}
