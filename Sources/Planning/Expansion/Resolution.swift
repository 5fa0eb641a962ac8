import Settings

/// What a trial is once every setting that applies has its value.
struct Resolution {
  /// All settings that apply, defaults filled in.
  var settings = SettingValue.object([SettingValue.Member]())
  /// The plain values with what identities compare them to.
  var leaves: [Leaf] = []
  /// What the trial lacks or has wrong.
  var problems: [Problem] = []
  /// The paths that were asked for.
  var visited: Set<String> = []  // membership only, never iterated

  /// A plain value of a trial.
  struct Leaf {
    let path: [String]
    let setting: Setting
    let value: SettingValue
    /// The frozen default; nil where the setting has none.
    let frozen: SettingValue?
    /// Whether it only says that an optional group is there.
    var isPresence = false
    /// The variant that brings the setting, in words: "loss ssm-vr".
    var owner: String?
  }

  /// Something wrong with a trial.
  enum Problem {
    /// A setting without default that nothing says.
    case missing(path: String, Setting)
    /// A value that another variant would take, but not the one that applies.
    case invalid(Leaf)
  }
}

/// Finds which settings apply to what is said, and fills in the defaults.
struct Resolver {
  let catalogue: Catalogue

  private var result = Resolution()
  /// Settings that variants bring to the top of the trial, with the keys of their frozen defaults.
  private var neighbours: [Brought] = []

  /// A setting, the key of its frozen default, and the variant that brings it.
  private struct Brought {
    let setting: Setting
    let key: String
    var owner: String?
  }

  init(_ catalogue: Catalogue) {
    self.catalogue = catalogue
  }

  /// Resolves what base and axes say of a trial.
  mutating func resolve(_ said: SettingValue) -> Resolution {
    result = Resolution()
    neighbours = []
    let settings = catalogue.settings + [Vocabulary.repeatSetting]
    let members = members(
      of: settings.map { Brought(setting: $0, key: $0.name) }, said: said, path: [], frozen: nil,
      isTop: true)
    result.settings = .object(members)
    return result
  }

  /// Resolves the settings of one object, and those that selectors among them bring beside them.
  private mutating func members(
    of settings: [Brought], said: SettingValue, path: [String],
    frozen: SettingValue?, isTop: Bool
  ) -> [SettingValue.Member] {
    var queue = settings
    var members: [SettingValue.Member] = []
    var next = 0
    while next < queue.count || (isTop && !neighbours.isEmpty) {
      if next == queue.count {
        queue += neighbours
        neighbours = []
      }
      let brought = queue[next]
      let (setting, key) = (brought.setting, brought.key)
      next += 1
      guard !members.contains(where: { $0.name == setting.name }) else { continue }
      let own = said[setting.name]
      let frozenValue =
        frozen?[setting.name]
        ?? catalogue.frozenDefaults.value(of: key, current: setting.defaultValue)
      let value = value(
        of: brought, said: own, path: path + [setting.name], frozen: frozenValue)
      members.append(SettingValue.Member(setting.name, value))
      if case .selector(let variants) = setting.kind.unwrapped, case .text(let name) = value,
        let variant = variants.first(where: { $0.name == name })
      {
        let owner = (path + [setting.name]).joined(separator: ".") + " " + name
        queue += variant.settings.map {
          Brought(setting: $0, key: "\(key)[\(name)]/\($0.name)", owner: owner)
        }
        neighbours += variant.neighbours.map {
          Brought(setting: $0, key: "\(key)[\(name)]/\($0.name)", owner: owner)
        }
      }
    }
    return members.sorted { $0.name < $1.name }
  }

  private mutating func value(
    of brought: Brought, said: SettingValue?, path: [String], frozen: SettingValue?
  ) -> SettingValue {
    let (setting, key) = (brought.setting, brought.key)
    let dotted = path.joined(separator: ".")
    result.visited.insert(dotted)
    let isOptional = if case .optional = setting.kind { true } else { false }
    let fallback = setting.defaultValue ?? (isOptional ? .null : nil)
    if isOptional, (said ?? fallback) == .null {
      return leaf(path, brought, .null, frozen: frozen ?? .null)
    }
    switch setting.kind.unwrapped {
    case .group(let settings):
      let whole = filled(said, over: fallback)
      if isOptional, frozen ?? .null == .null {
        result.leaves.append(
          Resolution.Leaf(path: path, setting: setting, value: .null, frozen: nil, isPresence: true)
        )
      }
      let inner = settings.map {
        Brought(setting: $0, key: "\(key).\($0.name)", owner: brought.owner)
      }
      return .object(members(of: inner, said: whole, path: path, frozen: frozen, isTop: false))
    case .variant(let variants):
      return variant(
        variants, brought, said: said, fallback: fallback, path: path, frozen: frozen)
    default:
      guard let value = said ?? fallback else {
        result.problems.append(.missing(path: dotted, setting))
        return .null
      }
      return leaf(path, brought, value, frozen: frozen)
    }
  }

  private mutating func variant(
    _ variants: [Variant], _ brought: Brought, said: SettingValue?, fallback: SettingValue?,
    path: [String], frozen: SettingValue?
  ) -> SettingValue {
    let (setting, key) = (brought.setting, brought.key)
    let dotted = path.joined(separator: ".")
    result.visited.insert(dotted + ".type")
    guard case .text(let type) = said?["type"] ?? fallback?["type"],
      let variant = variants.first(where: { $0.name == type })
    else {
      result.problems.append(.missing(path: dotted, setting))
      return .null
    }
    let isDefault = fallback?["type"] == .text(type)
    let whole = filled(said, over: isDefault ? fallback : nil)
    let name = leaf(path + ["type"], brought, .text(type), frozen: frozen?["type"])
    let frozenMembers = frozen?["type"] == name ? frozen : nil
    let owner = "\(dotted) \(type)"
    let inner = variant.settings.map {
      Brought(setting: $0, key: "\(key)[\(type)].\($0.name)", owner: owner)
    }
    neighbours += variant.neighbours.map {
      Brought(setting: $0, key: "\(key)[\(type)]/\($0.name)", owner: owner)
    }
    var members = members(
      of: inner, said: whole, path: path, frozen: frozenMembers, isTop: false)
    let place = members.firstIndex { $0.name > "type" } ?? members.endIndex
    members.insert(SettingValue.Member("type", name), at: place)
    return .object(members)
  }

  /// What is said of an object over its default.
  private func filled(_ said: SettingValue?, over fallback: SettingValue?) -> SettingValue {
    let lower = fallback == .null ? nil : fallback
    let empty = SettingValue.object([SettingValue.Member]())
    return (lower ?? empty).overlaid(with: said ?? empty)
  }

  private mutating func leaf(
    _ path: [String], _ brought: Brought, _ value: SettingValue, frozen: SettingValue?
  ) -> SettingValue {
    let kind = brought.setting.kind
    let isPlain =
      switch kind.unwrapped {
      case .group, .variant: false
      default: true
      }
    let leaf = Resolution.Leaf(
      path: path, setting: brought.setting, value: value, frozen: frozen, owner: brought.owner)
    if isPlain && !kind.accepts(value) {
      result.problems.append(.invalid(leaf))
    }
    result.leaves.append(leaf)
    return value
  }
}
