import Settings

/// Every dotted path that a trial can say, with what it may be and when it applies.
struct Vocabulary: Sendable {
  /// What must hold for a setting to apply.
  enum Requirement: Sendable, Hashable {
    /// A variant or selector setting names this variant.
    case variant(path: String, name: String)
    /// An optional group or variant is not null.
    case present(path: String)
  }

  /// One declaration behind a path; variants may declare the same path each in their own way.
  struct Candidate: Sendable {
    let setting: Setting
    let requirements: [Requirement]
  }

  /// A path and its declarations, at least one.
  struct Entry: Sendable {
    let path: String
    var candidates: [Candidate]
    /// Whether it is the `type` of a variant.
    var isType = false

    /// The declaration that speaks for all where a single one is needed.
    var setting: Setting { candidates[0].setting }

    /// Whether each value is a plain one: which settings apply does not depend on it.
    var isLeaf: Bool {
      !isType
        && candidates.allSatisfy { candidate in
          switch candidate.setting.kind.unwrapped {
          case .group, .variant, .selector: false
          default: true
          }
        }
    }
  }

  /// The entries in the order of the catalogue.
  private(set) var entries: [Entry] = []
  private var indices: [String: Int] = [:]  // looked up only, never iterated

  /// The vocabulary of a catalogue, with `repeat`.
  init(_ catalogue: Catalogue) {
    for setting in catalogue.settings {
      add(setting, parent: "", requirements: [])
    }
    add(Self.repeatSetting, parent: "", requirements: [])
  }

  /// The entry of a path, nil where nothing is called so.
  subscript(path: String) -> Entry? {
    indices[path].map { entries[$0] }
  }

  /// All paths, in the order of the catalogue.
  var paths: [String] { entries.map(\.path) }

  /// The number of a repetition of the same settings with other draws, from 0.
  static let repeatSetting = Setting(
    "repeat", .integer(0...(1 << 53)), default: .number(0),
    "which repetition, with its own random draws")
}

extension Vocabulary {
  private mutating func add(_ setting: Setting, parent: String, requirements: [Requirement]) {
    let path = parent.isEmpty ? setting.name : parent + "." + setting.name
    insert(Candidate(setting: setting, requirements: requirements), at: path)
    var inner = requirements
    if case .optional = setting.kind {
      inner.append(.present(path: path))
    }
    switch setting.kind.unwrapped {
    case .group(let settings):
      for member in settings {
        add(member, parent: path, requirements: inner)
      }
    case .variant(let variants):
      let choices = variants.map { Choice($0.name, $0.summary) }
      let type = Setting("type", .choice(choices), setting.summary)
      insert(Candidate(setting: type, requirements: inner), at: path + ".type", isType: true)
      for variant in variants {
        let chosen = requirements + [.variant(path: path, name: variant.name)]
        for member in variant.settings {
          add(member, parent: path, requirements: chosen)
        }
        for neighbour in variant.neighbours {
          add(neighbour, parent: "", requirements: chosen)
        }
      }
    case .selector(let variants):
      for variant in variants {
        let chosen = requirements + [.variant(path: path, name: variant.name)]
        for member in variant.settings {
          add(member, parent: parent, requirements: chosen)
        }
        for neighbour in variant.neighbours {
          add(neighbour, parent: "", requirements: chosen)
        }
      }
    default:
      break
    }
  }

  private mutating func insert(_ candidate: Candidate, at path: String, isType: Bool = false) {
    if let index = indices[path] {
      entries[index].candidates.append(candidate)
    } else {
      indices[path] = entries.count
      entries.append(Entry(path: path, candidates: [candidate], isType: isType))
    }
  }
}

extension Vocabulary {
  /// The optional groups that a path stands in, the outermost first.
  func optionalGroups(around path: String) -> [Entry] {
    let names = path.split(separator: ".")
    return names.indices.dropFirst().compactMap { count in
      let entry = self[names[..<count].joined(separator: ".")]
      return entry.flatMap { entry in
        entry.candidates.contains { if case .optional = $0.setting.kind { true } else { false } }
          ? entry : nil
      }
    }
  }
}

extension Vocabulary.Requirement {
  /// The path of the setting that decides.
  var path: String {
    switch self {
    case .variant(let path, _), .present(let path): path
    }
  }

  /// Whether complete settings meet the requirement.
  func isMet(by settings: SettingValue) -> Bool {
    switch self {
    case .variant(let path, let name):
      settings[path] == .text(name) || settings[path + ".type"] == .text(name)
    case .present(let path): settings.has(path)
    }
  }
}

extension Vocabulary.Entry {
  /// When the setting applies, a clause without its subject: "applies only to loss ssm and ssm-vr";
  /// nil where it always does.
  ///
  /// - Parameter settings: a trial without the setting; the clause is then about the first requirement
  ///   that the trial does not meet. Without a trial it is about the last requirement.
  func applicability(in settings: SettingValue? = nil) -> String? {
    let lists = candidates.map(\.requirements)
    guard lists.allSatisfy({ !$0.isEmpty }) else { return nil }
    // The declaration that comes closest to applying decides which requirement is named.
    let met = lists.map { list in
      settings.map { trial in list.prefix { $0.isMet(by: trial) }.count } ?? list.count - 1
    }
    guard let most = met.max(), let closest = met.firstIndex(of: most), most < lists[closest].count
    else { return nil }
    let path = lists[closest][most].path
    var names: [String] = []
    for requirement in lists.joined() where requirement.path == path {
      guard case .variant(_, let name) = requirement else {
        return "applies only where \(path) is not null"
      }
      if !names.contains(name) { names.append(name) }
    }
    return "applies only to \(path) " + SettingKind.enumerated(names, last: "and")
  }
}

extension Vocabulary {
  /// The known path that a misspelt one most likely means.
  ///
  /// `learning_rate` alone, or under another object, means the only path that ends so; what other tools
  /// call a setting means ours.
  func nearest(to path: String) -> String? {
    let last = path.split(separator: ".").last.map(String.init) ?? path
    let ending = paths.filter { $0.hasSuffix("." + last) || ($0 == last && path != last) }
    if ending.count == 1 { return ending[0] }
    if let known = Self.namesElsewhere[last.lowercased()], self[known] != nil { return known }
    return nearestName(to: path, among: paths)
  }

  /// What other tools and papers call settings.
  private static let namesElsewhere = [
    "lr": "training.optimizer.learning_rate", "step_size": "training.optimizer.learning_rate",
    "optim": "training.optimizer", "batch_size": "training.batch", "batchsize": "training.batch",
    "epochs": "training.steps", "iterations": "training.steps", "n_steps": "training.steps",
    "num_steps": "training.steps", "noise": "sigma", "std": "sigma", "noise_scale": "sigma",
    "noise_std": "sigma", "projections": "slices", "n_projections": "slices", "dim": "dimension",
    "d": "dimension", "n_dim": "dimension", "seed": "repeat", "seeds": "repeat", "runs": "repeat",
    "trials": "repeat", "dataset": "data", "target": "data", "network": "model",
    "widths": "model.hidden", "hidden_sizes": "model.hidden", "layers": "model.hidden",
    "method": "loss", "objective": "loss", "dtype": "precision",
  ]
}
