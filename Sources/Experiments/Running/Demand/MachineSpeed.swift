import Foundation

/// How long programs run on this machine, by what they cost.
struct MachineSpeed: Sendable, Equatable {
  /// Measured in Float.
  var float32: SpeedCurve
  /// Measured in Double.
  var float64: SpeedCurve

  /// The seconds of one run of a program of a cost.
  func seconds(of work: Double, inDouble: Bool) -> Double {
    (inDouble ? float64 : float32).seconds(of: work)
  }
}

/// Seconds of a run by its cost, through measured points.
struct SpeedCurve: Sendable, Equatable {
  /// A program that was timed.
  struct Point: Sendable, Equatable {
    /// `Program.work`.
    var work: Double
    /// Of one run.
    var seconds: Double
  }

  private let points: [Point]

  /// The curve through points of positive cost and time; one for each cost, at least one.
  init(_ points: [Point]) {
    precondition(!points.isEmpty, "speed: no program was timed")
    self.points = points.sorted { $0.work < $1.work }
  }

  /// The seconds of one run.
  ///
  /// Between two points the cost per second is interpolated over the logarithm of the cost; outside
  /// of them all it is that of the nearest.
  func seconds(of work: Double) -> Double {
    guard work > 0 else { return 0 }
    return work / rate(of: work)
  }

  private func rate(of work: Double) -> Double {
    let above = points.firstIndex { $0.work >= work } ?? points.count
    guard above > 0 else { return points[0].rate }
    guard above < points.count else { return points[above - 1].rate }
    let (low, high) = (points[above - 1], points[above])
    let fraction = log(work / low.work) / log(high.work / low.work)
    return low.rate + fraction * (high.rate - low.rate)
  }
}

extension SpeedCurve.Point {
  fileprivate var rate: Double { work / seconds }
}
