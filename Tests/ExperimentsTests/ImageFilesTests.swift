// MNIST's test images, where DATA_DIR names the folder that holds them; skipped elsewhere.
import Foundation
import ScoreMatching
import Testing

@testable import Experiments

private let folder: String? = {
  guard let folder = ProcessInfo.processInfo.environment["DATA_DIR"],
    FileManager.default.isReadableFile(atPath: folder + "/t10k-images-idx3-ubyte.gz")
  else { return nil }
  return folder
}()

@Suite(.enabled(if: folder != nil, "DATA_DIR is no folder with MNIST's images"))
struct ImageFilesTests {
  @Test func theTestImagesAreReadAndPrepared() throws {
    let plan = try plan(
      """
      { "name": "images", "grid": { "loss": ["dsm"],
        "data": [{ "type": "idx", "path": "t10k-images-idx3-ubyte.gz", "logit": 1e-6 },
          { "type": "idx", "path": "t10k-images-idx3-ubyte.gz" }] } }
      """)
    let files = DataFiles(folders: [folder ?? ""])
    let table = try parseIDX(files.bytes(of: "t10k-images-idx3-ubyte.gz"))
    #expect(table.rowCount == 10_000 && table.columns.count == 784)
    // The published mean of the test images' levels is 0.1325 of 255.
    let mean = table.values.reduce(0, +) / Double(table.values.count) / 255
    #expect((mean - 0.1325).magnitude < 1e-4)
    let plain = try TrialData(plan.trials[1], files: files)
    #expect(plain.dimension == 784 && plain.test.count == 784_000)
    #expect(plain.train.allSatisfy { (0..<1).contains($0) })
    let logits = try TrialData(plan.trials[0], files: files)
    #expect(logits.train.allSatisfy { (-13.9...13.9).contains($0) })
  }
}
