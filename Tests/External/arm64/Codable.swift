/// Swift without its runtime, which is what the toolchain has for other architectures, has no
/// coding.
public protocol Codable {}
