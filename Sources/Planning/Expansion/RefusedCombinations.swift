import Settings

/// The combinations that one refusal is about.
struct RefusedCombinations {
  private let refusal: Refusal
  private let spot: Spot
  /// The settings that clash, in words.
  private let words: String
  /// The axes that they come from.
  private let axes: [GridAxis]
  /// What the axes say, up to a hundred times.
  private var rows: [[SettingValue]]
  private var seen: Set<[SettingValue]>  // membership only, never iterated
  private var trialCount: Int

  /// - Parameter metric: what has no meaning for the combinations, where they have one themselves.
  init(
    _ refusal: Refusal, _ settings: SettingValue, _ combination: Combination, trials: Int,
    of metric: (name: String, spot: Spot)? = nil
  ) {
    self.refusal = refusal
    spot = metric?.spot ?? combination.spot(of: refusal.settings.first ?? "")
    let clashing = refusal.settings.compactMap { path in
      settings[path].map { "\(path) \(Axis.label($0["type"] ?? $0))" }
    }.joined(separator: ", ")
    words = metric.map { "\($0.name) with \(clashing)" } ?? clashing
    axes = combination.factors.flatMap(\.axes).filter { axis in
      refusal.settings.contains { $0.isRelated(to: axis.name) }
    }
    let row = Self.row(axes, combination) ?? []
    rows = [row]
    seen = [row]
    trialCount = trials
  }

  /// Adds a further combination.
  mutating func add(_ combination: Combination, trials: Int) {
    trialCount += trials
    guard rows.count < 100, let row = Self.row(axes, combination), seen.insert(row).inserted
    else { return }
    rows.append(row)
  }

  /// What a combination says on the axes; nil where it has not all of them.
  private static func row(_ axes: [GridAxis], _ combination: Combination) -> [SettingValue]? {
    let values = axes.compactMap { axis in
      zip(combination.factors, combination.rows).lazy.compactMap { factor, row in
        factor.axes.first { $0.name == axis.name }?.values[row]
      }.first
    }
    return values.count == axes.count ? values : nil
  }
}

extension RefusedCombinations {
  /// The mistake, with the exclude that would remove just these combinations.
  var diagnostic: Diagnostic {
    let count = trialCount == 1 ? "1 trial" : "\(trialCount) trials"
    var remedy = refusal.remedy
    if let exclude = suggestedExclude {
      remedy += "\n  Or leave them out with \"exclude\": [\(exclude)]"
    }
    return Diagnostic(
      .refused, spot, "\(words) has no meaning (\(count)): \(refusal.because)",
      remedy: remedy)
  }

  /// Nil where no axis makes the combinations.
  private var suggestedExclude: String? {
    let lists = axes.indices.map { place in
      var list: [SettingValue] = []
      for row in rows where !list.contains(row[place]) { list.append(row[place]) }
      return list
    }
    // An axis all of whose values are refused need not be named, as long as one is.
    var named = axes.indices.filter { lists[$0].count < Set(axes[$0].values).count }
    if named.isEmpty { named = Array(axes.indices.prefix(1)) }
    guard !named.isEmpty else { return nil }
    let isProduct = lists.map(\.count).reduce(1, *) == rows.count
    let choices = isProduct ? [lists] : rows.prefix(3).map { $0.map { [$0] } }
    let because = SettingValue.quoted(refusal.because)
    return choices.map { choice in
      let conditions = named.map { place in
        let values = choice[place].map { value -> String in
          let isBare = if case .object(let members) = value { members.count == 1 } else { false }
          return (isBare ? value["type"] ?? value : value).canonicalJSON
        }
        let text = values.count == 1 ? values[0] : "[" + values.joined(separator: ", ") + "]"
        return "\(SettingValue.quoted(axes[place].name)): \(text)"
      }
      return "{\"where\": {\(conditions.joined(separator: ", "))}, \"because\": \(because)}"
    }.joined(separator: ", ")
  }
}
