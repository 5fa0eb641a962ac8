extension ResultsStore {
  /// Segments from this size on stay as they are.
  private static let smallBytes = 1 << 20

  /// Seals the trials of all small segments into one, then removes these.
  ///
  /// A sweep of many hours that seals every second would otherwise leave so many files that reading
  /// its state takes a minute. A kill in between leaves trials that stand twice, and equal.
  func gatherSmallSegments(_ state: inout State) throws {
    state.segmentCount = 0
    var catalogue = Catalogue()
    for segment in try segments() where try DurableFile.size(of: segment.path) < Self.smallBytes {
      try catalogue.add(.segment(segment))
    }
    guard catalogue.sources.count > 1, catalogue.conflicts.isEmpty else { return }
    let records = try catalogue.records(of: catalogue.entries, .everything)
    try write(try Segment.image(of: records), &state)
    state.segmentCount = 0
    try removeSegments(of: catalogue)
  }
}
