import Expressions
import Testing

@testable import ScoreMatching

// Seen to fail with either condition left out, bounding or narrowing, with no limit of evaluations, with the other
// root of the cubic, with the wrong end of a stretch kept, without the secant, with guesses at the
// ends of a stretch, with a rise after a fall not seen, and with points that are not finite
// taken for falls.
@Suite struct WolfeSearchTests {
  typealias Line = @Sendable (Double) -> (value: Double, slope: Double)

  /// What a search ends with, its last point, and the evaluations it took.
  private func search(
    _ line: Line, first: Double, slack: Double = 0
  ) -> (verdict: WolfeSearch.Verdict, last: WolfeSearch.Point, evaluations: Int) {
    let start = line(0)
    var search = WolfeSearch(
      from: WolfeSearch.Point(step: 0, value: start.value, slope: start.slope), slack: slack)
    var step = first
    for evaluations in 1...1000 {
      let (value, slope) = line(step)
      let point = WolfeSearch.Point(step: step, value: value, slope: slope)
      let verdict = search.take(point)
      guard case .evaluate(let next) = verdict else { return (verdict, point, evaluations) }
      step = next
    }
    return (.evaluate(step), WolfeSearch.Point(step: step, value: .nan, slope: .nan), 1000)
  }

  /// Lines that go down at 0; the second and third are Moré and Thuente's.
  static let lines: [Line] = [
    { x in ((x - 3) * (x - 3), 2 * (x - 3)) },
    { x in (-x / (x * x + 2), (x * x - 2) / ((x * x + 2) * (x * x + 2))) },
    { x in
      let y = x + 0.004
      return (y * y * y * y * (y - 2), y * y * y * (5 * y - 8))
    },
    { x in (x * x * x * x / 4 - x, x * x * x - 1) },
    // Falls far, then a wall.
    { x in (-x + 1e-6 * Real.exp(min(x, 700)), -1 + 1e-6 * Real.exp(min(x, 700))) },
  ]

  @Test(
    "From any first step it ends where both conditions hold, in few evaluations",
    arguments: lines.indices, [1e-3, 0.1, 1, 10, 1e3])
  func conditions(line: Int, first: Double) {
    let (line, start) = (Self.lines[line], Self.lines[line](0))
    let found = search(line, first: first)
    #expect(found.verdict == .accepted)
    #expect(found.last.value <= start.value + 1e-4 * found.last.step * start.slope)
    #expect(found.last.slope.magnitude <= 0.9 * start.slope.magnitude)
    #expect(found.evaluations <= 15, "\(found.evaluations) evaluations")
  }

  @Test("A quadratic is overshot once: its minimum is where two values and slopes say")
  func cubic() {
    let found = search(Self.lines[0], first: 20)
    #expect(found.verdict == .accepted && found.evaluations == 2)
    #expect((found.last.step - 3).magnitude < 1e-12)
  }

  @Test("A guess near an end of the stretch is kept a tenth of it away")
  func insideTheStretch() {
    var search = WolfeSearch(
      from: WolfeSearch.Point(step: 0, value: 9, slope: -6), slack: 0)
    // The minimum of (x - 3)² is at 0.03 of the way.
    #expect(search.take(WolfeSearch.Point(step: 100, value: 9409, slope: 194)) == .evaluate(10))
  }

  @Test("A rise above the last point bounds the stretch, although both are below the start")
  func riseAfterAFall() {
    var search = WolfeSearch(
      from: WolfeSearch.Point(step: 0, value: 0, slope: -1), slack: 0)
    guard
      case .evaluate(let second) = search.take(WolfeSearch.Point(step: 1, value: -5, slope: -1)),
      case .evaluate(let third) = search.take(
        WolfeSearch.Point(step: second, value: -3, slope: -1))
    else {
      Issue.record("the search has ended")
      return
    }
    #expect(second > 1 && third > 1 && third < second, "\(second), \(third)")
  }

  @Test("Where rounding hides the values, the slopes' secant finds the zero")
  func secant() {
    let found = search({ x in (1e6, x - 1) }, first: 3, slack: 1e-4)
    #expect(found.verdict == .accepted && found.evaluations == 2)
    #expect(found.last.step == 1)
  }

  @Test("A point that is not finite is no fall, and the step comes back from it")
  func notFinite() {
    for wall in [Double.infinity, -.infinity, .nan] {
      let found = search(
        { x in x < 2 ? ((x - 1.5) * (x - 1.5), 2 * (x - 1.5)) : (wall, -1) }, first: 64)
      #expect(found.verdict == .accepted && found.last.step < 2)
    }
  }

  @Test("A line that falls for ever, or is nowhere finite, exhausts the search")
  func exhausted() {
    let endless = search({ x in (-x, -1) }, first: 1)
    #expect(endless.verdict == .exhausted)
    #expect(endless.evaluations == WolfeSearch.evaluationLimit)
    #expect(WolfeSearch.evaluationLimit == 40)
    let nowhere = search({ x in x == 0 ? (0, -1) : (.nan, .nan) }, first: 1)
    #expect(nowhere.verdict == .exhausted && nowhere.evaluations <= 40)
  }
}
