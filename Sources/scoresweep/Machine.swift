import CPUCheck
import Experiments
import Foundation

/// Where the program runs, as far as results say so.
enum Machine {
  /// The facts that a results file keeps.
  static var provenance: [(name: String, value: String)] {
    Provenance.attributes(cpuModel: CPUCheck.model, sourceFolder: sourceFolder)
  }

  /// The checkout that the program was built in; nil where it was installed elsewhere.
  private static var sourceFolder: String? {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    guard let build = program.range(of: "/.build/") else { return nil }
    return String(program[..<build.lowerBound])
  }
}
