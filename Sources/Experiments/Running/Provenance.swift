import Foundation
import Kernels
import ScoreMatching

/// Facts about the program and the machine that a results file keeps; never a user's, host's or folder's name.
public enum Provenance {
  /// The version of the program.
  public static let version = "0.1.0"

  /// The version of the Swift compiler's language, as far as the program can tell.
  public static var swiftVersion: String {
    #if swift(>=6.3)
      "6.3"
    #elseif swift(>=6.2)
      "6.2"
    #else
      "6.0"
    #endif
  }

  /// The results file's provenance attributes.
  ///
  /// - Parameters:
  ///   - sourceFolder: where the program's own source was checked out, for its commit; nil where unknown.
  ///   - cpuModel: the CPU's name.
  public static func attributes(
    cpuModel: String, sourceFolder: String?
  ) -> [(name: String, value: String)] {
    var facts: [(name: String, value: String)] = [
      ("scoresweep_version", version), ("swift_version", swiftVersion),
      ("isa", InstructionSet.name),
      ("cpu_model", cpuModel), ("score_matching_conventions", ScoreMatchingSettings.conventions),
    ]
    let commit = sourceFolder.flatMap { git(["rev-parse", "HEAD"], in: $0) } ?? ""
    let changes = sourceFolder.flatMap { git(["status", "--porcelain"], in: $0) }
    facts.append(("git_commit", commit.isEmpty ? "unknown" : commit))
    facts.append(("git_dirty", changes.map { $0.isEmpty ? "false" : "true" } ?? "unknown"))
    return facts
  }

  private static func git(_ arguments: [String], in folder: String) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", folder] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    do { try process.run() } catch { return nil }
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
