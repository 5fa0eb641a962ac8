import Foundation
import Synchronization

/// Signals that ask a run to stop: the first lets what runs come to an end, the second ends the process.
enum Interruption {
  private static let count = Atomic<Int>(0)

  /// Whether a signal came.
  static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

  /// Listens for Ctrl-C, TERM and USR1 from now on.
  static func listen() {
    _ = isRequested  // The counter must exist before a signal handler touches it.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      sigaddset(&signals, number)
      signal(number) { _ in
        let before = Interruption.count.add(1, ordering: .relaxed).oldValue
        if before > 0 { _exit(ExitStatus.stopped.rawValue) }
      }
    }
    // A parent may have blocked them: threads of Dispatch do, and children inherit that.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
