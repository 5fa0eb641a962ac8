import ArgumentParser
import Experiments
import Foundation
import Results
import Synchronization

/// What people see of a running sweep, on stderr: a bar on a terminal, a line now and then elsewhere.
final class ProgressDisplay: Sendable {
  /// When progress is shown.
  enum Mode: String, Sendable, CaseIterable, ExpressibleByArgument {
    /// A bar on a terminal, lines elsewhere.
    case auto
    /// A bar, wherever stderr goes.
    case always
    /// No progress; what failed and how it ended is said all the same.
    case never
  }

  private struct State {
    var toRun = 0
    var finished = 0
    var failed = 0
    var remarked = 0
    var operations = 0.0
    var operationsDone = 0.0
    /// When something was last drawn, in seconds after the start.
    var drawn = -Double.infinity
    var hasBar = false
  }

  private let mode: Mode
  private let saysResult: Bool
  private let isBar: Bool
  private let isColored: Bool
  private let start = ContinuousClock().now
  private let state = Mutex(State())

  /// - Parameters:
  ///   - mode: when progress is shown.
  ///   - saysResult: whether failures and the end are told in words.
  init(_ mode: Mode, saysResult: Bool) {
    let isTerminal = isatty(STDERR_FILENO) == 1
    let environment = ProcessInfo.processInfo.environment
    self.mode = mode
    self.saysResult = saysResult
    isBar = mode == .always || (mode == .auto && isTerminal && environment["TERM"] != "dumb")
    isColored = Terminal.isColored
  }

  private var seconds: Double {
    start.duration(to: ContinuousClock().now) / .seconds(1)
  }

  /// Tells what happened in a run; called from any thread.
  func show(_ event: SweepEvent) {
    state.withLock { state in
      switch event {
      case .started(let toRun, let toMeasure, let done, let operations):
        state.toRun = toRun + toMeasure
        state.operations = operations
        say(Words.started(toRun: toRun, toMeasure: toMeasure, done: done), &state)
        draw(&state)
      case .memoryBound(let bound):
        say(Words.memoryBound(bound), &state)
      case .finished(let record, let operations):
        state.finished += 1
        state.operationsDone += operations
        if record.outcome.status != .completed {
          tellFailure(of: record, &state)
        } else if !record.outcome.message.isEmpty {
          tellRemark(of: record, &state)
        }
        draw(&state)
      case .corruptSegment(let path, let reason):
        erase(&state)
        Output.note(Words.corruptSegment(path, reason: reason))
      case .stale(let count, let isDropped):
        say(Words.stale(count, isDropped: isDropped), &state)
      case .suspects(let count):
        say(Words.suspects(count), &state)
      case .checkpointNotKept(let reason):
        erase(&state)
        Output.note(Words.checkpointNotKept(reason))
      case .checkpointNotUsed(let id, let reason):
        erase(&state)
        Output.note(Words.checkpointNotUsed(id, reason))
      case .merged:
        break
      }
    }
  }

  /// Ends the display with one line.
  func conclude(_ summary: SweepSummary, path: String) {
    state.withLock { say(Words.concluded(summary, path: path, seconds: seconds), &$0) }
  }

  private func tellFailure(of record: TrialRecord, _ state: inout State) {
    let shown = 5
    state.failed += 1
    if state.failed <= shown { say(Words.failure(of: record), &state) }
    if state.failed == shown + 1 {
      say("further failures are counted only; `scoresweep table` and the file tell them", &state)
    }
  }

  /// What a trial that completed says of itself; sweeps may have thousands that say the same.
  private func tellRemark(of record: TrialRecord, _ state: inout State) {
    let shown = 5
    state.remarked += 1
    if state.remarked <= shown { say(Words.remark(of: record), &state) }
    if state.remarked == shown + 1 {
      say("further remarks are in the file only, /trials/message", &state)
    }
  }

  private func say(_ line: String, _ state: inout State) {
    guard saysResult else { return }
    erase(&state)
    Output.note(line)
  }

  /// Takes the bar away, so that a line can stand in its place.
  private func erase(_ state: inout State) {
    guard state.hasBar else { return }
    Output.draw("\r\u{1b}[2K")
    state.hasBar = false
  }

  private func draw(_ state: inout State) {
    guard mode != .never, state.toRun > 0 else { return }
    let now = seconds
    let isOver = state.finished == state.toRun
    guard isBar ? now - state.drawn > 0.1 : now - state.drawn > 10 else {
      if isOver { erase(&state) }
      return
    }
    let isFirst = state.drawn < 0
    state.drawn = now
    if isBar {
      erase(&state)
      guard !isOver else { return }
      Output.draw(bar(state, after: now))
      state.hasBar = true
    } else if !isFirst && !isOver {
      Output.note(progress(of: state, after: now).line)
    }
  }

  private func bar(_ state: State, after seconds: Double) -> String {
    progress(of: state, after: seconds).bar(columns: Self.terminalColumns, colored: isColored)
  }

  private func progress(of state: State, after seconds: Double) -> Progress {
    let fraction =
      state.operations > 0
      ? state.operationsDone / state.operations
      : Double(state.finished) / Double(max(state.toRun, 1))
    return Progress(
      finished: state.finished, total: state.toRun, failed: state.failed, fraction: fraction,
      seconds: seconds)
  }

  /// The width of the terminal behind stderr, 80 where it is unknown.
  private static var terminalColumns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
