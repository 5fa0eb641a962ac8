import Planning
import ScoreMatching
import Settings

extension TrialRunner {
  /// Rows outside the support that a loss takes them to be in, or where a statistic does not exist: the
  /// trial fails, naming one.
  func checkSupport(_ settings: SettingValue, _ data: TrialData) throws(TrialFailure) {
    if settings.has("support"), let support = Support.declared(settings),
      let row = data.firstRow(where: { !support.contains($0) })
    {
      throw TrialFailure(
        "\(row), outside of the support; give bounds that hold the prepared rows, or do not whiten "
          + "them and add no noise")
    }
    if let statistic = ExponentialFamily.positiveStatistic(settings),
      let row = data.firstRow(where: { $0 <= 0 })
    {
      throw TrialFailure(
        "\(row), where \(statistic) or its slope does not exist; do not whiten the rows and add no "
          + "noise, or use other statistics")
    }
  }
}

extension TrialData {
  /// The first row with a coordinate of a kind, as the beginning of a sentence; nil where none has one.
  fileprivate func firstRow(where isMeant: (Double) -> Bool) -> String? {
    for (part, rows) in [("training", train), ("validation", validation), ("test", test)] {
      guard let place = rows.firstIndex(where: isMeant) else { continue }
      return "\(part) row \(place / dimension) has the coordinate \(rows[place])"
    }
    return nil
  }
}
