/// The known name that was most likely meant, nil where none is near.
///
/// First a slip of one letter in four or more; then a name that has what was written as one of its parts
/// (`vp` in `dsm-vp`), the shortest of several; then more slips; then a longer name with what was written in it.
/// Case and the choice between `-` and `_` count for nothing; of several as near the first wins.
///
/// - Complexity: the product of the lengths, for each known name.
func nearestName(to name: String, among known: [String]) -> String? {
  let wanted = folded(name)
  let slip = misspelt(wanted, among: known)
  if let slip, slip.distance == 0 || (slip.distance == 1 && wanted.count >= 4) { return slip.name }
  return shortest(known) { folded($0).split { "_.".contains($0) }.contains(wanted[...]) }
    ?? slip?.name ?? extended(wanted, among: known)
}

/// The name at the smallest distance, where that is a third of the letters at most.
private func misspelt(
  _ wanted: [Character], among known: [String]
) -> (name: String, distance: Int)? {
  let allowance = max(1, wanted.count / 3)
  var best: (name: String, distance: Int)?
  for candidate in known {
    let letters = folded(candidate)
    guard abs(letters.count - wanted.count) <= allowance else { continue }
    let distance = editDistance(wanted, letters)
    if distance <= allowance && distance < (best?.distance ?? .max) && distance < letters.count {
      best = (candidate, distance)
    }
  }
  return best
}

/// The only known name that begins with what was written, `valid` for `validation`, else the only one that
/// has it inside.
private func extended(_ wanted: [Character], among known: [String]) -> String? {
  guard wanted.count >= 3 else { return nil }
  let longer = known.filter { folded($0).starts(with: wanted) }
  if longer.count == 1 { return longer[0] }
  let holding = known.filter { folded($0).contains(wanted) }
  return holding.count == 1 ? holding[0] : nil
}

/// The first of the shortest names that are asked for.
private func shortest(_ names: [String], where isAsked: (String) -> Bool) -> String? {
  names.filter(isAsked).min { $0.count < $1.count }
}

private func folded(_ name: String) -> [Character] {
  name.prefix(64).lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 }
}

/// How many insertions, deletions, replacements and swaps of neighbours turn one word into another.
///
/// Source: Damerau 1964, in the restricted form (optimal string alignment).
func editDistance(_ one: [Character], _ other: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...other.count)
  for i in one.indices {
    var row = [i + 1]
    for j in other.indices {
      let same = one[i] == other[j]
      var cost = min(last[j] + (same ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0 && j > 0 && one[i] == other[j - 1] && one[i - 1] == other[j] {
        cost = min(cost, beforeLast[j - 1] + 1)
      }
      row.append(cost)
    }
    beforeLast = last
    last = row
  }
  return last[other.count]
}
