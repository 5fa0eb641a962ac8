import Planning
import Settings
import TestSupport
import Testing

@Suite struct SchemaTests {
  @Test func theSchemaOfTheTestCatalogueIsAsRecorded() {
    expectSnapshot(Schema.json(for: TestCatalogue.catalogue), named: "schema")
  }

  @Test func everyReferenceHasItsDefinition() throws {
    let text = Schema.json(for: TestCatalogue.catalogue)
    let schema = try #require(SettingValue(json: text))
    guard case .object(let definitions) = schema["$defs"] else {
      Issue.record("no $defs")
      return
    }
    let names = definitions.map(\.name)
    for reference in references(in: schema) {
      #expect(names.contains(String(reference.dropFirst("#/$defs/".count))), "\(reference)")
    }
    #expect(names.contains("training.optimizer.learning_rate"))
  }

  private func references(in value: SettingValue) -> [String] {
    switch value {
    case .object(let members):
      members.flatMap { member in
        if member.name == "$ref", case .text(let target) = member.value { return [target] }
        return references(in: member.value)
      }
    case .list(let values): values.flatMap(references)
    default: []
    }
  }
}
