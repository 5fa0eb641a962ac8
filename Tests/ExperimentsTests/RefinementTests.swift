import Testing

@testable import Experiments

// Seen to fail: with sums of trials in place of their means; with 1 in place of the ratio of all; without the
// evaluation at the start; where training may stop at its last step.
struct RefinementTests {
  private func finished(
    _ group: Int, _ measured: Double, of predicted: Double, stop: Double? = nil
  ) -> Refinement.Finished {
    Refinement.Finished(
      group: group, measuredSeconds: measured, predictedSeconds: predicted, stop: stop)
  }

  @Test func withoutFinishedTrialsThePredictionStandsAndHalfTheWayIsExpected() {
    let refinement = Refinement([], groupCount: 2)
    #expect(refinement.count == 0)
    #expect(refinement.ratio(of: 1) == 1 && refinement.stop(of: 1) == 0.5)
  }

  @Test func likeTrialsSpeakForEachOtherAndAllOfThemForTheRest() {
    let refinement = Refinement(
      [finished(0, 6, of: 2), finished(0, 6, of: 4), finished(1, 1, of: 2)], groupCount: 3)
    #expect(refinement.count == 3)
    #expect(refinement.ratio(of: 0) == 2)
    #expect(refinement.ratio(of: 1) == 0.5)
    #expect(refinement.ratio(of: 2) == 13.0 / 8)
  }

  @Test func trialsThatStoppedEarlyLetOthersBeExpectedToDoSo() {
    let refinement = Refinement(
      [
        finished(0, 1, of: 1, stop: 0.25), finished(0, 1, of: 1, stop: 0.75),
        finished(1, 1, of: 1, stop: 1),
      ], groupCount: 3)
    // Of groups: one half, nothing being known, then the means 0.5 and 1.
    let usual = (0.5 + 0.5 + 1) / 3
    #expect(refinement.stop(of: 2) == usual)
    #expect(refinement.stop(of: 0) == (usual + 1) / 3)
    #expect(refinement.stop(of: 1) == (usual + 1) / 2)
  }

  @Test func recordsWithoutATimeSayNothing() {
    let refinement = Refinement(
      [finished(0, .nan, of: 1, stop: 0), finished(0, 0, of: 1), finished(0, 3, of: 0)],
      groupCount: 1)
    #expect(refinement.count == 0 && refinement.ratio(of: 0) == 1 && refinement.stop(of: 0) == 0.5)
  }
}

struct TrainingLengthTests {
  @Test func evaluationsAreCountedAsTrainingMakesThem() {
    let length = TrainingLength(steps: 250, evaluateEvery: 100, patience: nil)
    // At 0, 100, 200 and at the end.
    #expect(length.evaluations(until: 250) == 4)
    #expect(length.evaluations(until: 200) == 3)
    #expect(TrainingLength(steps: 300, evaluateEvery: 100).evaluations(until: 300) == 4)
    #expect(TrainingLength().evaluations(until: 0) == 0)
  }

  @Test func itStopsFirstWhenPatienceIsOutAndNotAtAllWhereTheEndComesBefore() {
    let length = TrainingLength(steps: 3000, evaluateEvery: 25, patience: 40)
    #expect(length.earliestStop == 1000)
    #expect(
      length.stop(at: 0) == 1000 && length.stop(at: 0.5) == 2000 && length.stop(at: 1) == 3000)
    #expect(length.fraction(ofStopAt: 1500) == 0.25 && length.fraction(ofStopAt: 3000) == 1)
    for patience in [nil, 120, Int.max] {
      let long = TrainingLength(steps: 3000, evaluateEvery: 25, patience: patience)
      #expect(long.earliestStop == nil && long.stop(at: 0.5) == 3000)
      #expect(long.fraction(ofStopAt: 3000) == nil)
    }
  }
}
