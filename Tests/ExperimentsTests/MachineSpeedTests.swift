import Foundation
import Testing

@testable import Experiments

// Seen to fail: with the rate linear in the cost itself.
struct MachineSpeedTests {
  /// 1 and 4 units a second at costs of 10 and 1000.
  private let curve = SpeedCurve([
    SpeedCurve.Point(work: 1000, seconds: 250), SpeedCurve.Point(work: 10, seconds: 10),
  ])

  @Test func measuredPointsAreMetAndTheRateBetweenThemIsLinearInTheLogarithm() {
    #expect(curve.seconds(of: 10) == 10)
    #expect(curve.seconds(of: 1000) == 250)
    #expect(abs(curve.seconds(of: 100) - 100 / 2.5) < 1e-12 * 40)
  }

  @Test func outsideOfThePointsTheRateIsThatOfTheNearest() {
    #expect(curve.seconds(of: 1) == 1 && curve.seconds(of: 0) == 0)
    #expect(curve.seconds(of: 8000) == 2000)
  }

  @Test func eachPrecisionHasItsOwnSpeed() {
    let speed = MachineSpeed(
      float32: curve, float64: SpeedCurve([SpeedCurve.Point(work: 1, seconds: 2)]))
    #expect(speed.seconds(of: 10, inDouble: false) == 10)
    #expect(speed.seconds(of: 10, inDouble: true) == 20)
  }

  @Test func aCalibrationTimesProgramsOfSeveralSizesOnEveryCore() throws {
    let speed = try MachineSpeed.measured(cores: 2, duration: 0.001)
    for work in [1e5, 1e7, 1e9] {
      #expect(speed.seconds(of: work, inDouble: false) > 0)
      #expect(speed.seconds(of: work, inDouble: true).isFinite)
    }
  }
}
