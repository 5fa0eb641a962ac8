/// The names that the file format fixes, in one place for writer and reader.
enum Layout {
  /// Readers of version 1 read every 1.x.
  static let formatVersion = "1.0"
  static let conventions = "CF-1.11 ScoreSweep-\(formatVersion)"

  static let experiment = "experiment"
  /// The files that the experiment includes, where it does.
  static let includedFiles = "included_files"
  static let trials = "trials"
  static let grid = "grid"
  static let curves = "curves"
  static let parameters = "parameters"
  static let samples = "samples"

  /// The dimension scale of everything that has a row for each trial.
  static let trial = "trial"
  static let checkpoint = "checkpoint"
  static let id = "id"
  /// What is known of arrays by their names: those of /samples.
  static let knownArrays = [
    "samples": (axes: ["sample", "coordinate"], longName: "points that the trial's sampler drew"),
    "test": (axes: ["row", "coordinate"], longName: "the held-out rows that metrics are of"),
  ]

  /// The status of a planned trial that has not finished.
  static let waiting = "waiting"

  /// Columns of /trials that are neither axis nor metric.
  static let recordColumns = [
    trial, id, "status", "message", "steps", "seconds", "seconds_per_step", "parameter_count",
    "seed", "settings", "architecture", "checkpoints", "planned",
  ]

  /// The column of an axis: its name, prefixed where a record column has that name.
  static func axisColumn(_ name: String) -> String {
    recordColumns.contains(name) ? "axis.\(name)" : name
  }

  /// The column of a metric: its name, prefixed where a record column or an axis has that name.
  static func metricColumn(_ name: String, axes: [String]) -> String {
    recordColumns.contains(name) || axes.contains(name) ? "metric.\(name)" : name
  }
}

extension Double {
  /// The NaN of a cell that has no value: R's `NA_real_`, which any reader but R takes for NaN.
  ///
  /// A metric that *is* NaN keeps its own bits, so that the two are told apart.
  static let absent = Double(bitPattern: 0x7FF8_0000_0000_07A2)

  var isAbsent: Bool { bitPattern == Double.absent.bitPattern }
}

/// Merges lists of names into one that keeps the order of each, as far as they agree.
///
/// A name not seen yet goes right after its predecessor in its own list.
///
/// - Complexity: O(lists · names²), where lists that repeat cost one comparison.
func mergedOrder(_ lists: some Sequence<[String]>) -> [String] {
  var order: [String] = []
  var last: [String] = []
  for list in lists where list != last {
    var position = 0
    for name in list {
      if let known = order.firstIndex(of: name) {
        position = known + 1
      } else {
        order.insert(name, at: position)
        position += 1
      }
    }
    last = list
  }
  return order
}
