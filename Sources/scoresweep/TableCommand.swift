import ArgumentParser
import Planning
import Reports
import Results

extension TableFormat: ExpressibleByArgument {}

/// `scoresweep table`: the tables of a results file.
struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Prints the tables of a results file.",
    discussion: """
      The experiment that the file holds says which; without any it is the first metric by loss and \
      dimension. Failed trials are counted in footnotes.
      """)

  @Argument(help: "The results file.", completion: .file(extensions: ["h5"]))
  var results: String

  @Option(name: .shortAndLong, help: "text, markdown, latex, csv or json.")
  var format = TableFormat.text

  @Option(help: ArgumentHelp("Print one table only.", valueName: "table"))
  var name: String?

  @Option(
    help: ArgumentHelp("Take the tables from this experiment file instead.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var experiment: String?

  func run() throws {
    let loaded = try LoadedFile(results)
    let plan = try experiment.map { try ExperimentFile($0).plan() }
    let tables = tables(of: plan ?? loaded.plan(), loaded.trials(of: plan), loaded)
    let chosen = tables.filter { name == nil || $0.name == name }
    guard !chosen.isEmpty else {
      throw Failure.unknownTable(name ?? "", known: tables.map(\.name))
    }
    Output.write(format.render(chosen))
  }

  /// The tables that the experiment asks for, the standard one where it asks for none.
  private func tables(of plan: Plan?, _ trials: Trials, _ loaded: LoadedFile) -> [Table] {
    let title = plan?.experiment.title ?? loaded.title
    let specifications = plan?.tables ?? []
    for omitted in plan?.omittedTables ?? [] {
      Output.note(Words.omittedTable(omitted.name, reason: omitted.reason))
    }
    guard specifications.isEmpty else {
      return specifications.map { Table($0, of: trials, experiment: title) }
    }
    let metric = plan?.experiment.metrics.first?.name ?? loaded.firstMetric
    return [Table.standard(of: trials, title: title, value: metric)]
  }
}
