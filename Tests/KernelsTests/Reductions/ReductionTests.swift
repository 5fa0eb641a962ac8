import Testing

@testable import Kernels

// Seen to fail: an accumulator left out of the final sum, `accumulate` ignored, columns of the
// overlapping last vector written twice, a maximum that loses a NaN.

private let lengths = Array(0...40) + [63, 64, 65, 100, 127, 128, 129, 1000, 4097]

private func checkSums<Scalar: KernelScalar>(_ scalar: Scalar.Type) {
  var random = TestRandom(6)
  for count in lengths {
    let x = random.array(count, of: Scalar.self)
    let y = random.array(count, of: Scalar.self)
    let eps = Wide(Scalar.ulpOfOne)
    // At most count roundings touch a term; the blocks make it far fewer.
    let bound = eps * Wide(min(count, count / 16 + 10))
    let sum = x.reduce(Wide(0)) { $0 + Wide($1) }
    let magnitude = x.reduce(Wide(0)) { $0 + Wide($1.magnitude) }
    #expect((Wide(Scalar.sum(x, count: count)) - sum).magnitude <= bound * magnitude)
    let products = zip(x, y).map { Wide($0) * Wide($1) }
    let dotMagnitude = products.reduce(Wide(0)) { $0 + $1.magnitude }
    let error = Wide(Scalar.dot(x, y, count: count)) - products.reduce(0, +)
    #expect(error.magnitude <= bound * dotMagnitude)
    #expect(isSame(Scalar.maximum(x, count: count), Reference.maximum(x, count: count)))
  }
}

@Test func sumsDotsAndMaximaAgreeWithTheirReferenceAtEveryLength() {
  checkSums(Float.self)
  checkSums(Double.self)
}

@Test func aMaximumIsNaNWhereverANaNLies() {
  for count in 1...70 {
    for place in 0..<count {
      var x = [Float](repeating: 1, count: count)
      x[place] = .nan
      if place + 1 < count { x[place + 1] = .infinity }
      #expect(Float.maximum(x, count: count).isNaN)
      #expect(Float.sum(x, count: count).isNaN)
    }
  }
}

/// Every row and column kernel against its reference, on a matrix with padding.
private func checkMatrices<Scalar: KernelScalar>(_ scalar: Scalar.Type) {
  var random = TestRandom(7)
  for rows in [0, 1, 2, 3, 7, 8, 9, 17, 130] {
    for columns in [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100] {
      for padding in [0, 3] {
        let stride = columns + padding
        let x = random.array(rows * stride + 1, of: Scalar.self)
        let z = random.array(rows * stride + 1, of: Scalar.self)
        let start = random.array(max(rows, columns) + 1, of: Scalar.self)
        // The terms are below 1; a few units in the last place of their number suffice.
        let tolerance = Scalar.ulpOfOne * Scalar(max(rows, columns) + 4)
        func compare(
          _ name: String, _ kernel: (_ y: inout [Scalar]) -> Void,
          _ reference: (_ y: inout [Scalar]) -> Void
        ) {
          var value = start
          var expected = start
          kernel(&value)
          reference(&expected)
          for i in value.indices {
            let isClose =
              (value[i] - expected[i]).magnitude <= tolerance * max(1, expected[i].magnitude)
            #expect(isClose || value[i] == expected[i], "\(name) \(rows) x \(columns) at \(i)")
          }
        }
        for accumulate in [false, true] {
          compare(
            "sumRows",
            {
              Scalar.sumRows(
                x, rows: rows, columns: columns, rowStride: stride, into: &$0,
                accumulate: accumulate)
            },
            {
              Reference.sumRows(
                x, rows: rows, columns: columns, rowStride: stride, into: &$0,
                accumulate: accumulate)
            })
          compare(
            "sumColumns",
            {
              Scalar.sumColumns(
                x, rows: rows, columns: columns, rowStride: stride, into: &$0,
                accumulate: accumulate)
            },
            {
              Reference.sumColumns(
                x, rows: rows, columns: columns, rowStride: stride, into: &$0,
                accumulate: accumulate)
            })
          for aStride in [0, stride] {
            compare(
              "dotRows",
              {
                Scalar.dotRows(
                  x, rowStride: aStride, z, rowStride: stride, rows: rows, columns: columns,
                  into: &$0, accumulate: accumulate)
              },
              {
                Reference.dotRows(
                  x, rowStride: aStride, z, rowStride: stride, rows: rows, columns: columns,
                  into: &$0, accumulate: accumulate)
              })
          }
        }
        compare(
          "maximumRows",
          {
            Scalar.maximumRows(x, rows: rows, columns: columns, rowStride: stride, into: &$0)
          },
          {
            Reference.maximumRows(x, rows: rows, columns: columns, rowStride: stride, into: &$0)
          })
        compare(
          "logSumExpRows",
          {
            Scalar.logSumExpRows(x, rows: rows, columns: columns, rowStride: stride, into: &$0)
          },
          {
            Reference.logSumExpRows(x, rows: rows, columns: columns, rowStride: stride, into: &$0)
          })
      }
    }
  }
}

@Test func rowAndColumnKernelsAgreeWithTheirReferenceAtEveryShape() {
  checkMatrices(Float.self)
  checkMatrices(Double.self)
}

@Test func logSumExpIsStableAndTreatsInfinitiesAsLimits() {
  for columns in [1, 2, 5, 8, 20, 40] {
    var rows: [(values: [Double], expected: Double)] = []
    func add(_ expected: Double, _ value: (Int) -> Double) {
      rows.append(((0..<columns).map(value), expected))
    }
    let n = Double(columns)
    add(-.infinity) { _ in -.infinity }
    add(.infinity) { $0 == columns / 2 ? .infinity : 0 }
    add(.infinity) { $0 == columns / 2 ? .infinity : -.infinity }
    add(.nan) { $0 == columns / 2 ? .nan : 0 }
    add(.nan) { $0 == 0 ? .nan : .infinity }
    add(1000 + Double.logOf(n)) { _ in 1000 }
    add(-1000 + Double.logOf(n)) { _ in -1000 }
    add(3) { $0 == columns - 1 ? 3 : -.infinity }
    let x = rows.flatMap(\.values)
    var y = [Double](repeating: 42, count: rows.count)
    Double.logSumExpRows(x, rows: rows.count, columns: columns, rowStride: columns, into: &y)
    let single = x.map { Float($0) }
    var z = [Float](repeating: 42, count: rows.count)
    Float.logSumExpRows(single, rows: rows.count, columns: columns, rowStride: columns, into: &z)
    for (i, row) in rows.enumerated() {
      let expected = row.expected
      if expected.isNaN {
        #expect(y[i].isNaN && z[i].isNaN)
      } else if expected.isInfinite {
        #expect(y[i] == expected && z[i] == Float(expected))
      } else {
        #expect(abs(y[i] - expected) <= 4 * expected.ulp)
        #expect(abs(z[i] - Float(expected)) <= 4 * Float(expected).ulp)
      }
    }
  }
}

extension Double {
  fileprivate static func logOf(_ x: Double) -> Double { Reference.value(.log, x) }
}
