// Seen to fail: with a default changed and the pages left as they were.

import Experiments
import Foundation
import Settings
import Testing

@testable import Planning

@Suite struct ReferenceFilesTests {
  private func kept(_ name: String) throws -> String {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("experiments")
    return String(
      decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
  }

  // MARK: - The reference

  @Test func theReferenceFileIsTheOneThatTheProgramPrints() throws {
    let kept = try kept("reference.md").trimmingCharacters(in: .newlines)
    let printed = Reference.markdown(for: .scoreSweep).trimmingCharacters(in: .newlines)
    #expect(
      kept == printed, "write it anew: scoresweep schema --markdown > experiments/reference.md")
  }

  @Test func theReferenceLeavesNoKeyOut() throws {
    let page = Reference.markdown(for: .scoreSweep)
    var names = Vocabulary(.scoreSweep).paths + ["repeat"]
    names += Catalogue.scoreSweep.metrics.map(\.name)
    names += Catalogue.scoreSweep.recordedQuantities.map(\.name)
    for name in names {
      // The name of a top-level kind heads its table.
      #expect(page.contains("| `\(name)` |") || page.contains("### `\(name)`"), "\(name)")
    }
    let schema = try #require(SettingValue(json: Schema.json(for: .scoreSweep)))
    let languageKeys = keys(ofProperties: schema).filter { !names.contains($0) }
    #expect(languageKeys.contains("because") && languageKeys.contains("statistic"))
    for key in languageKeys.sorted() {
      let isThere = ["`\(key)`", ".\(key)`", "\"\(key)\":", "{ \"\(key)\"", "`{ \"\(key)\""]
        .contains { page.contains($0) }
      #expect(isThere, "\(key)")
    }
  }

  /// The names of all properties in a schema, settings' definitions left out.
  private func keys(ofProperties value: SettingValue) -> Set<String> {
    switch value {
    case .object(let members):
      var found: Set<String> = []
      for member in members {
        if member.name == "properties", case .object(let properties) = member.value {
          found.formUnion(properties.map(\.name))
        }
        found.formUnion(keys(ofProperties: member.value))
      }
      return found
    case .list(let values): return values.reduce(into: []) { $0.formUnion(keys(ofProperties: $1)) }
    default: return []
    }
  }

  @Test func theReferenceNamesTheKeysOfTheReaderInItsOrder() {
    #expect(LanguageReference.topKeys.map(\.name) == ExperimentReader.keys)
  }

  @Test func theExamplesOfTheReferenceArePlanned() throws {
    for section in LanguageReference.sections {
      do throws(InvalidExperiment) {
        #expect(!(try plan(of: section)).trials.isEmpty)
      } catch {
        Issue.record("\(section.title): \(error)")
      }
    }
  }

  @Test func theCommandLineOfTheReferenceGivesTheTrialsThatItSays() throws {
    let example = try plan(of: LanguageReference.commandLine)
    let dsm = example.trials.filter { $0.settings.text("loss") == "dsm" }
    let options = LanguageReference.commandLine.text.matches(of: /--(set|only) ([a-z_.]+=[^ \n]+)/)
    let amendments = Amendments(
      set: options.filter { $0.1 == "set" }.map { String($0.2) },
      only: options.filter { $0.1 == "only" }.map { String($0.2) })
    #expect(amendments.set.count == 2 && amendments.only.count == 1)
    let file =
      #"{ "name": "t", "base": { "data": "gaussian" }, "grid": { "loss": ["ism", "dsm"] } }"#
    let changed = try Plan(
      reading: Array(file.utf8), named: "t.json", catalogue: .scoreSweep, amendments: amendments)
    #expect(changed.trials.map(\.id) == dsm.map(\.id))
    #expect(dsm.count == 2)
  }

  private func plan(of section: LanguageReference.Section) throws(InvalidExperiment) -> Plan {
    try Plan(
      reading: Array(whole(section.example).utf8), named: "reference.md", catalogue: .scoreSweep,
      including: IncludableFiles { name in
        name == "common.json" ? Array(#"{ "base": { "dimension": 3 }, "seed": 5 }"#.utf8) : nil
      })
  }

  /// A whole file around an example: what it does not say of name, data and grid is added.
  private func whole(_ example: String) -> String {
    let said = SettingValue(json: "{ \(example)\n }") ?? .null
    var text = example
    if said["base"] != nil, said["base.data"] == nil,
      let place = text.range(of: "\"base\": {")
    {
      text.replaceSubrange(place, with: "\"base\": { \"data\": \"gaussian\",")
    }
    let missing: KeyValuePairs<String, String> = [
      "name": "\"example\"", "base": "{ \"data\": \"gaussian\" }", "grid": "{ \"loss\": \"ism\" }",
    ]
    for (key, value) in missing where said[key] == nil {
      text += "\n, \"\(key)\": \(value)"
    }
    return "{ \(text)\n}"
  }

  // MARK: - Identities

  @Test func theExampleOfTheIdentityPageIsWhatThePlannerMakes() throws {
    let blocks = try kept("identity.md").split(separator: "```").enumerated()
      .filter { $0.offset % 2 == 1 }
      .map { $0.element.drop { $0 != "\n" }.trimmingCharacters(in: .newlines) }
    try #require(blocks.count == 6)
    let plan = try Plan(
      reading: Array(blocks[0].utf8), named: "identity.md", catalogue: .scoreSweep)
    #expect(plan.trials.count == 6)
    let trial = plan.trials[3]
    // A setting that was added since may be missing on the page: it changes no identity.
    let settings = try #require(SettingValue(json: blocks[1]))
    for path in settings.leafPaths() {
      #expect(trial.settings[path] == settings[path], "\(path)")
    }
    #expect(trial.canonical == blocks[2])
    #expect(
      blocks[3] == "{\"defaults\":1,\"seed\":2019,\"settings\":\(trial.canonical)}")
    #expect(SHA256.hex(of: blocks[3]) == blocks[4])
    #expect(trial.id.description == blocks[5])
    #expect(blocks[4].hasPrefix(blocks[5]))
  }

  @Test func noFrozenDefaultChanges() throws {
    let name = "frozen-defaults.json"
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Snapshots").appendingPathComponent(name)
    let table = DefaultsTable(.scoreSweep)
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try Data(table.json.utf8).write(to: file)
      Issue.record("recorded \(name); run again to compare")
      return
    }
    let recorded = try #require(
      SettingValue(json: String(decoding: try Data(contentsOf: file), as: UTF8.self)))
    #expect(recorded.integer("version") == table.version)
    let now = try #require(SettingValue(json: table.json)).list("defaults")
    for row in recorded.list("defaults") {
      let key = row.text("key")
      let old = row["default"]
      guard let current = now.first(where: { $0.text("key") == key }) else {
        Issue.record(
          "\(key) is gone: trials that say it have lost their identity. Keep the setting.")
        continue
      }
      #expect(
        current["path"] == row["path"] && current["when"] == row["when"],
        "\(key) has moved: trials that say it have lost their identity. Leave it where it was.")
      #expect(
        current["default"] == old,
        """
        the default of \(key) was \(old?.canonicalJSON ?? "none") when results were made, and is now \
        \(current["default"]?.canonicalJSON ?? "none"). Identities are made against the old one: add \
        it to frozenDefaults of Catalogue.scoreSweep, FrozenDefaults(["\(key)": …]), or for the type \
        of a variant the default of the setting itself, and leave \(name) as it is.
        """)
    }
    #expect(
      now.count == recorded.list("defaults").count,
      "settings are new: check their defaults, which hold for good, then run with RECORD_SNAPSHOTS=1"
    )
  }
}
