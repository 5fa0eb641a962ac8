/// The name of a random stream: a hash of exactly what the stream may depend on.
///
/// Two streams with different keys are independent for every practical purpose.
public struct StreamKey: Sendable, Hashable {
  /// The 64-bit key of the generator.
  public let bits: UInt64

  /// A key from 64 well-mixed bits, such as the head of a cryptographic hash.
  public init(bits: UInt64) {
    self.bits = bits
  }
}
