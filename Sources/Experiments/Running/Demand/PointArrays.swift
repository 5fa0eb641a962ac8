import Planning
import ScoreMatching
import Settings

/// The largest array of points that a trial's simulations begin with: chains of its sampler, chains of a
/// metric, held-out rows.
///
/// A prediction makes these arrays too, to compile what the trial runs. Where they are beyond any sense the
/// trial is not compiled but taken for what they say: an array that the system refuses ends the process.
struct PointArrays {
  /// Bytes of the largest.
  let bytes: Int

  /// Trials with larger ones are not compiled to be predicted; the same on every machine, since shards depend
  /// on predictions.
  static let largestPredicted = 1 << 30

  init(
    _ settings: SettingValue, _ data: DataShape, metrics: [MetricSpecification],
    items: [Evaluator.Item]
  ) {
    var counts: [Int] = []
    if let sampler = Samplers.make(settings) { counts.append(sampler.chains.count) }
    for item in items {
      guard case .simulations = item.metric.quantity else { continue }
      counts += [data.test, data.validation]
      let said = metrics.first { $0.name == item.name }?.settings
      if let said, said.has("chains") { counts.append(said.integer("chains")) }
    }
    bytes = (counts.max() ?? 0) * data.dimension * MemoryLayout<Double>.stride
  }

  /// What such a trial asks for: its rows and, of each point, also score, energy, momentum and what the
  /// programs put between them.
  func demand(_ data: DataShape) -> ProgramDemand {
    var demand = ProgramDemand()
    demand.memory.data = data.count * MemoryLayout<Double>.stride + 8 * bytes
    demand.once = [1000 * Double(bytes)]
    return demand
  }
}
