import Settings

/// The definitions of what is measured and shown: metrics and tables.
struct SchemaTables {
  private let catalogue: Catalogue

  init(_ catalogue: Catalogue) { self.catalogue = catalogue }

  /// `metrics` and `tables`.
  var definitions: [SchemaText.Member] {
    [
      SchemaText.Member(name: "metrics", value: metrics),
      SchemaText.Member(name: "tables", value: tables),
    ]
  }

  private var metrics: SchemaText {
    let plain = catalogue.metrics.filter { metric in
      metric.settings.allSatisfy { $0.defaultValue != nil }
    }
    let objects = catalogue.metrics.map { metric in
      let type = SchemaText.object([
        "const": .text(metric.name), "description": .text(metric.summary),
      ])
      let settings = metric.settings.map { setting in
        SchemaText.Member(
          name: setting.name,
          value: SchemaSettings.plain(setting.kind).describing(
            setting.summary, default: setting.defaultValue))
      }
      let needed = metric.settings.filter { $0.defaultValue == nil }.map(\.name)
      return SchemaText.closed(
        [SchemaText.Member(name: "type", value: type)] + settings, required: ["type"] + needed)
    }
    let names = SchemaText.names(plain.map { Choice($0.name, $0.summary) })
    return SchemaText.array(of: .anyOf([names] + objects), atLeast: 0).describing(
      "What is measured in every trial, on test data: names, or objects with type and settings.")
  }

  private var tables: SchemaText {
    .array(of: table, atLeast: 0).describing("Tables of the results.")
  }

  private var table: SchemaText {
    let direction = TableSpecification.Direction.self
    let select = SchemaText.closed(
      [
        SchemaText.Member(
          name: "over",
          value: .oneOrMore(.object(["type": .text("string")])).describing(
            "The axes whose best value is taken.")),
        SchemaText.Member(
          name: "by", value: .plainText("The metric that decides, measured on validation data.")),
        SchemaText.Member(name: "best", value: words(direction, "Which end of it is best.")),
      ], required: ["over", "by"])
    return .closed(
      [
        SchemaText.Member(name: "name", value: .fileWord.describing("The name of the table.")),
        SchemaText.Member(name: "title", value: .plainText("The caption.")),
        SchemaText.Member(name: "rows", value: .plainText("The axis or setting that runs down.")),
        SchemaText.Member(
          name: "columns",
          value: .plainText("The axis or setting that runs across; one column where absent.")),
        SchemaText.Member(
          name: "value", value: .plainText("The metric or recorded quantity in the cells.")),
        SchemaText.Member(
          name: "statistic",
          value: words(TableSpecification.Statistic.self, "What a cell says of its trials.")),
        SchemaText.Member(
          name: "select",
          value: select.describing(
            "Hyper-parameters that are chosen on validation data before repeats are averaged.")),
        SchemaText.Member(name: "best", value: words(direction, "Which end is marked as best.")),
        SchemaText.Member(name: "where", value: .reference("where")),
      ], required: ["name", "rows", "value"])
  }

  private func words<Word: CaseIterable & RawRepresentable>(
    _: Word.Type, _ description: String
  ) -> SchemaText where Word.RawValue == String {
    SchemaText.object(["enum": .list(Word.allCases.map { .text($0.rawValue) })])
      .describing(description)
  }
}
