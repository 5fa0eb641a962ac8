import Results
import Settings

extension Table {
  /// Tables as a JSON list of objects, for other programs: unrounded numbers, and each cell as the other
  /// formats write it.
  static func json(_ tables: [Table]) -> String {
    SettingValue.list(tables.map(\.jsonValue)).canonicalJSON + "\n"
  }

  /// The table as one JSON object.
  public var json: String { jsonValue.canonicalJSON + "\n" }

  private var jsonValue: SettingValue {
    .object([
      "name": .text(name), "title": .text(title), "value": .text(value), "unit": .text(unit),
      "statistic": .text(statistic.rawValue), "best": best.map { .text($0.rawValue) } ?? .null,
      "rows": Self.jsonHeading(rows), "columns": Self.jsonHeading(columns),
      "cells": .list(jsonCells), "remarks": .list(remarks.map { .text($0) }),
    ])
  }

  private static func jsonHeading(_ heading: Heading) -> SettingValue {
    .object([
      "axes": .list(heading.axes.map { .text($0) }),
      "labels": .list(heading.labels.map { .text($0) }),
    ])
  }

  private static func jsonPlace(_ heading: Heading, _ index: Int) -> SettingValue {
    jsonObject(
      zip(heading.axes, heading.values[index]).map {
        SettingValue.Member($0, jsonAxisValue($1))
      })
  }

  private static func jsonAxisValue(_ value: AxisValue?) -> SettingValue {
    switch value {
    case nil: .null
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case .boolean(let flag): .boolean(flag)
    }
  }

  private var jsonCells: [SettingValue] {
    cells.enumerated().flatMap { row, cells in
      cells.enumerated().map { column, cell in jsonCell(cell, row: row, column: column) }
    }
  }

  private func jsonCell(_ cell: Cell, row: Int, column: Int) -> SettingValue {
    func number(_ value: Double?) -> SettingValue { value.map { .number($0) } ?? .null }
    let selected = cell.selected.map {
      SettingValue.Member($0.name, Self.jsonAxisValue($0.value))
    }
    let failures = cell.failures.map {
      SettingValue.Member($0.status.rawValue, .number(Double($0.count)))
    }
    return .object([
      "row": Self.jsonPlace(rows, row),
      "column": Self.jsonPlace(columns, column),
      "n": .number(Double(cell.sample.count)), "mean": number(cell.sample.mean),
      "sd": number(cell.sample.deviation), "se": number(cell.sample.standardError),
      "median": number(cell.sample.median), "values": .list(cell.sample.values.map { .number($0) }),
      "written": estimate(of: cell).map { .text($0.text) } ?? .null,
      "best": .boolean(cell.isBest), "failures": Self.jsonObject(failures),
      "waiting": .number(Double(cell.waiting)), "selected": Self.jsonObject(selected),
      "notes": .list(cell.notes.map { .text(footnotes[$0]) }),
    ])
  }

  private static func jsonObject(_ members: [SettingValue.Member]) -> SettingValue {
    .object(members.sorted { $0.name < $1.name })
  }
}
