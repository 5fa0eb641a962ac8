import Settings

extension Plan: CustomStringConvertible {
  /// The plan for people: for each grid its axes with their counts, the reductions with their reasons and
  /// the trials; then the total.
  ///
  ///     quickstart: five losses on a Gaussian mixture
  ///       loss       5  esm, ism, ssm, ssm-vr, dsm
  ///       sigma      3  0.05, 0.1, 0.3
  ///       repeat     4  0 to 3
  ///     combinations  60
  ///              -32  sigma applies only to loss dsm
  ///     trials        28
  public var description: String {
    let names = grids.flatMap { $0.factors.flatMap(\.rowNames) }
    let nameWidth = names.map(\.count).max() ?? 0
    let countWidth = max(String(combinationCount).count, 2)
    var lines = [
      experiment.name == experiment.title
        ? experiment.name : "\(experiment.name): \(experiment.title)"
    ]
    func total(_ word: String, _ number: String, _ reason: String = "") {
      let gap = Self.right(number, max(nameWidth + 4 + countWidth - word.count, number.count + 1))
      lines.append((word + gap + (reason.isEmpty ? "" : "  " + reason)))
    }
    for grid in grids {
      if grids.count > 1 {
        lines.append(grid.name.isEmpty ? "grid" : "and \(grid.name)")
      }
      for factor in grid.factors {
        lines += factor.rows(nameWidth: nameWidth, countWidth: countWidth)
      }
      total("combinations", String(grid.productCount))
      if grid.combinationCount != grid.productCount {
        total("", "+\(grid.combinationCount - grid.productCount)", "by \"for\"")
      }
      for reduction in grid.reductions {
        total("", reduction.count == 0 ? "0" : "-\(reduction.count)", reduction.words)
      }
      total("trials", String(grid.trialCount))
    }
    if grids.count > 1 { total("trials in all", String(trials.count)) }
    lines += partialMetrics.map { $0.words(ofTrials: trials.count) }
    lines += omittedTables.map { "the table \($0.name) is left out: it \($0.reason)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line for each trial: its id and its values on the axes, those that do not apply left out.
  public var listing: String {
    var text = ""
    writeListing { text += $0 }
    return text
  }

  /// Writes ``listing`` in pieces of about a megabyte.
  public func writeListing(to write: (String) -> Void) {
    var text = ""
    for trial in trials {
      text += line(for: trial)
      text += "\n"
      if text.utf8.count > 1 << 20 {
        write(text)
        text = ""
      }
    }
    write(text)
  }

  /// A trial's id and its values on the axes, those that do not apply left out.
  func line(for trial: Trial) -> String {
    var line = trial.id.description
    for (axis, value) in zip(axes, trial.axisValues) {
      guard let value else { continue }
      line += "  \(axis.name)=\(Axis.label(value))"
    }
    return line
  }
}

extension PlannedGrid.Factor {
  /// What stands before the values: the axis, or the zip and its axes.
  fileprivate var rowNames: [String] {
    isZip ? ["zip " + name] + axes.map { "  " + $0.name } : [name]
  }

  fileprivate func rows(nameWidth: Int, countWidth: Int) -> [String] {
    let only = condition.map { "  (where \($0))" } ?? ""
    func row(_ name: String, _ count: String, _ words: String) -> String {
      let line =
        "  \(Plan.left(name, nameWidth))  \(Plan.right(count, countWidth))  \(words)"
      return line.trimmingEnd()
    }
    guard isZip else {
      return [row(name, String(count), Plan.summary(of: axes[0]) + only)]
    }
    return [row(rowNames[0], String(count), "together" + only)]
      + zip(rowNames.dropFirst(), axes).map { row($0, "", Plan.summary(of: $1)) }
  }
}

extension String {
  /// The text without blanks at its end.
  func trimmingEnd() -> String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

extension Plan {
  /// The values of an axis, the middle left out where they are many.
  static func summary(of axis: Axis) -> String {
    let labels = axis.labels
    guard labels.count > 1 else { return labels[0] }
    if axis.name == "repeat" && labels.count > 2 {
      return "\(labels[0]) to \(labels[labels.count - 1])"
    }
    let last = labels[labels.count - 1]
    let whole = labels.joined(separator: ", ")
    guard labels.count > 8 || whole.count > 72 else { return whole }
    var first = Array(labels.dropLast().prefix(4))
    while first.count > 1 && first.joined(separator: ", ").count + last.count > 66 {
      first.removeLast()
    }
    let isAll = first.count == labels.count - 1
    return first.joined(separator: ", ") + (isAll ? ", " : ", …, ") + last
  }

  static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

extension Reduction {
  /// The reason with what kind of reduction it is, for people.
  var words: String {
    switch kind {
    case .doesNotApply, .repeatedValue, .duplicate, .unselected, .known: reason
    case .excluded: "excluded: \(reason)"
    }
  }
}
