import Glibc

/// Functions of one Double, for the constants that formulas are built with; of expressions there are the free
/// functions of the same names.
public enum Real {
  /// eˣ.
  public static func exp(_ x: Double) -> Double { ElementaryFunction.exp.evaluate(x) }
  /// The natural logarithm.
  public static func log(_ x: Double) -> Double { ElementaryFunction.log.evaluate(x) }
  /// The sine of an angle in radians.
  public static func sine(_ x: Double) -> Double { ElementaryFunction.sine.evaluate(x) }
  /// The cosine of an angle in radians.
  public static func cosine(_ x: Double) -> Double { ElementaryFunction.cosine.evaluate(x) }
  /// xʸ for a positive x.
  public static func power(_ x: Double, _ y: Double) -> Double {
    BinaryFunction.power.evaluate(x, y)
  }

  /// The error function, 2/√π ∫₀ˣ exp(-t²) dt.
  public static func errorFunction(_ x: Double) -> Double { ElementaryFunction.erf.evaluate(x) }
  /// 1 less the error function, without cancellation for large x.
  public static func complementaryErrorFunction(_ x: Double) -> Double { erfc(x) }

  /// ln |Γ(x)|.
  public static func logGamma(_ x: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  }
}
