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
    checkout(of: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path)
  }

  /// What stands before the build folder, which is `.build` or, for another instruction set than the
  /// default, `.build-` with its name.
  static func checkout(of program: String) -> String? {
    guard let build = program.range(of: #"/\.build(-[^/]*)?/"#, options: .regularExpression) else {
      return nil
    }
    return String(program[..<build.lowerBound])
  }
}
