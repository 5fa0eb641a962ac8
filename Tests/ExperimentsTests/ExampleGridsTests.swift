import Experiments
import Foundation
import Planning
import TestSupport
import Testing

// Seen to fail: with powers that leave their last exponent out.

/// The example grids against the numbers of trials that their comments count by hand.
struct ExampleGridsTests {
  private static var folder: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("experiments/examples")
  }

  /// The trials of each example, counted by hand.
  private static let counts: KeyValuePairs = [
    "01-paired-noise-and-step": 3 * 2 * 3,
    "02-settings-of-some-losses": (1 + 3 * 2 + 3 * 2 + 3) * 2,
    "03-two-families-of-models": (2 * 2 + 3 * 2) * 2,
    "04-leave-combinations-out": 3 * 2 + 2 * (5 * 2 - 2),
    "05-rates-of-one-optimizer": (1 + 1 + 5 * 2) * 2,
    "06-two-zips-in-a-product": 3 * 2 * 2 * 2,
    "07-nested-settings": 3 * 2 * 2 * 2,
    "08-base-of-another-file": 3 * 2 * 2,
    "09-what-is-there-already": (4 + 2 * 3 - 2) * 3,
    "10-no-more-slices-than-dimensions": (2 + 3 + 4) * 2 * 2,
    "11-powers-of-two": 5 * (1 + 4) + 3,
    "12-noise-scales-of-ncsn": (1 + 7 + 3 * 2) * 2,
    "13-patience-where-it-stops-early": (1 + 3) * 2 * 3,
  ]

  @Test(arguments: counts.map(\.key))
  func everyExampleHasTheTrialsCountedByHand(name: String) throws {
    let plan = try Self.plan(name)
    let expected = try #require(Self.counts.first { $0.key == name }).value
    #expect(plan.trials.count == expected)
    #expect(Set(plan.trials.map(\.id)).count == expected)
    #expect(plan.experiment.name == name)
    expectSnapshot(plan.description, named: name)
  }

  @Test func everyExampleIsCounted() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
      .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(".json".count)) }.sorted()
    #expect(names == Self.counts.map(\.key))
  }

  private static func plan(_ name: String) throws -> Plan {
    let file = folder.appendingPathComponent(name + ".json")
    return try Plan(
      reading: [UInt8](try Data(contentsOf: file)), named: name + ".json", catalogue: .scoreSweep,
      including: IncludableFiles { path in
        (try? Data(contentsOf: folder.appendingPathComponent(path))).map { [UInt8]($0) }
      })
  }
}
