import Settings

extension SettingValue {
  /// This value with another laid over it: members of objects one by one, anything else replaced.
  ///
  /// What the upper object does not say, the lower one says: `{"type": "sgd"}` over
  /// `{"type": "adam", "learning_rate": 0.004}` keeps the learning rate.
  func overlaid(with upper: SettingValue) -> SettingValue {
    guard case .object(let over) = upper else { return upper }
    var members: [Member]
    switch self {
    case .object(let own): members = own
    case .text(let type): members = [Member("type", .text(type))]
    default: return upper
    }
    for member in over {
      if let index = members.firstIndex(where: { $0.name == member.name }) {
        members[index].value = members[index].value.overlaid(with: member.value)
      } else {
        let place = members.firstIndex { $0.name > member.name } ?? members.endIndex
        members.insert(member, at: place)
      }
    }
    return .object(members)
  }

  /// Lays a value over what stands at a path, unless null ("none") stands on the way.
  mutating func overlay(_ value: SettingValue, at path: ArraySlice<String>) {
    for count in 1..<max(1, path.count) {
      let prefix = path.prefix(count).joined(separator: ".")
      if self[prefix] == .null { return }
    }
    let current = self[path.joined(separator: ".")]
    set(path, to: current.map { $0.overlaid(with: value) } ?? value)
  }

  /// The dotted paths of the values in this object that are not objects themselves.
  func leafPaths(under prefix: String = "") -> [String] {
    guard case .object(let members) = self, !members.isEmpty else { return [prefix] }
    return members.flatMap { member in
      member.value.leafPaths(under: prefix.isEmpty ? member.name : prefix + "." + member.name)
    }
  }

  /// The object without the member at a path, where it has one.
  func removing(_ path: ArraySlice<String>) -> SettingValue {
    guard case .object(let members) = self, let name = path.first else { return self }
    let inner = path.dropFirst()
    return .object(
      members.compactMap { member in
        guard member.name == name else { return member }
        return inner.isEmpty ? nil : SettingValue.Member(name, member.value.removing(inner))
      })
  }
}
