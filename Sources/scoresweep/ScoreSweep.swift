import ArgumentParser
import CPUCheck
import Experiments
import Foundation

/// The program: it asks the CPU before any kernel can run, then does what the command line says.
///
/// This target is built without the SIMD flag, but that is not all: where this module and a SIMD module
/// specialise the same generic function, the linker keeps one copy and it may be the other one. So the
/// refusal goes by plain calls of the C library.
@main
enum Program {
  static func main() {
    let missing = CPUCheck.missingFeatures
    guard missing.isEmpty else {
      Words.sayOldCPU(missing)
      exit(ExitStatus.inputOutput.rawValue)
    }
    do {
      var command = try ScoreSweep.parseAsRoot()
      try command.run()
    } catch {
      Words.exit(error)
    }
  }
}

/// The commands.
struct ScoreSweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scoresweep",
    abstract: "Runs sweeps of score matching and makes their tables.",
    discussion: """
      An experiment file names a grid of trials. `init` writes one to start from, `plan` shows its \
      trials, `run` runs them into one HDF5 file and goes on where it was stopped, `table` prints the \
      tables of that file. `run --shard k/n` runs a part on each of several machines, and `merge` joins \
      them; `verify` runs some trials again.

      Exit codes: 0 all done; 1 some trials failed; 2 input/output or internal error; 64 usage or \
      invalid experiment; 75 stopped by a signal and resumable.
      """,
    version: Provenance.version,
    subcommands: [
      InitCommand.self, ValidateCommand.self, PlanCommand.self, RunCommand.self, StatusCommand.self,
      TableCommand.self, MergeCommand.self, VerifyCommand.self, SchemaCommand.self,
      BenchCommand.self, ReadCommand.self,
    ])
}
