/// The law of independent draws.
public enum RandomLaw: Sendable, Hashable, CaseIterable {
  /// Uniform on the open interval (0, 1): neither 0 nor 1 is ever drawn.
  case uniform
  /// Normal with mean 0 and variance 1.
  case normal
  /// -1 or +1, each with probability 1/2.
  case rademacher
}
