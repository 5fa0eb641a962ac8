extension Experiment {
  /// Whether a word can be the name of an experiment, which its results file has too.
  public static func isName(_ word: String) -> Bool { ExperimentReader.isFileWord(word) }
}
