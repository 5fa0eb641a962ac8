import Planning

/// What a table is to show: what the experiment file asks for, or the standard table of one that asks
/// for none.
struct TableRequest {
  let name: String
  let title: String
  let rows: String
  /// Nil for a single column.
  let columns: String?
  let value: String
  let statistic: TableSpecification.Statistic
  let select: TableSpecification.Selection?
  let best: TableSpecification.Direction?
  let conditions: [Condition]
}

extension TableRequest {
  /// The table that an experiment file asks for; without a title of its own it takes the experiment's.
  init(_ specification: TableSpecification, experiment: String?) {
    let isTitled = specification.title != specification.name
    name = specification.name
    title = isTitled ? specification.title : experiment ?? specification.title
    rows = specification.rows
    columns = specification.columns
    value = specification.value
    statistic = specification.statistic
    select = specification.select
    best = specification.best
    conditions = specification.conditions
  }

  /// The losses down and the dimensions across where these vary, else the first axes that do; nothing
  /// is selected and nothing marked as best.
  init(standardFor trials: Trials, title: String, value: String) {
    let varying = trials.varyingAxes
    let rows =
      varying.first { $0 == "loss" } ?? varying.first { $0 != "dimension" } ?? varying.first
    name = "main"
    self.title = title
    self.rows = rows ?? "loss"
    columns = varying.first { $0 == "dimension" && $0 != rows } ?? varying.first { $0 != rows }
    self.value = value
    statistic = .meanAndDeviation
    select = nil
    best = nil
    conditions = []
  }
}
