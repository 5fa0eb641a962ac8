import CZlib

/// What is wrong with compressed bytes.
public enum GzipError: Error, Sendable, Hashable {
  /// They are no gzip file, or a checksum is wrong.
  case damaged
  /// They end too soon.
  case truncated
  /// They unpack to more than so many bytes.
  case tooLarge(limit: Int)
}

extension GzipError: CustomStringConvertible {
  /// What is wrong and what to do about it.
  public var description: String {
    switch self {
    case .damaged: "the file is not what gzip made; fetch or compress it anew"
    case .truncated: "the compressed file ends too soon; fetch it anew"
    case .tooLarge(let limit): "the compressed file unpacks to more than \(limit) bytes"
    }
  }
}

/// Unpacks a file that gzip made, of one member or several.
///
/// - Parameters:
///   - bytes: the compressed file.
///   - limit: bytes that it may unpack to.
/// - Throws: ``GzipError``; memory is taken as bytes are unpacked, never because a header says so.
public func gunzip(_ bytes: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
  var stream = z_stream()
  let gzipOnly: Int32 = 15 + 16  // the widest window, and gzip's own header
  guard
    inflateInit2_(&stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  else { throw .damaged }
  defer { inflateEnd(&stream) }
  var result: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  var position = 0
  while true {
    let (status, taken, made) = inflated(&stream, bytes, from: position, into: &piece)
    position += taken
    guard result.count + made <= limit else { throw .tooLarge(limit: limit) }
    result += piece[..<made]
    switch status {
    case Z_OK: continue
    case Z_STREAM_END where position == bytes.count: return result
    case Z_STREAM_END: guard inflateReset(&stream) == Z_OK else { throw .damaged }
    case Z_BUF_ERROR: throw .truncated
    default: throw .damaged
    }
  }
}

/// Unpacks one piece: zlib's word on it, the bytes it took and the bytes it made.
private func inflated(
  _ stream: inout z_stream, _ bytes: [UInt8], from start: Int, into piece: inout [UInt8]
) -> (status: Int32, taken: Int, made: Int) {
  // zlib counts in 32 bits.
  let given = min(bytes.count - start, 1 << 30)
  let room = piece.count
  let status = bytes.withUnsafeBufferPointer { source in
    piece.withUnsafeMutableBufferPointer { target in
      stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress.map { $0 + start })
      stream.avail_in = UInt32(given)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(room)
      return inflate(&stream, Z_NO_FLUSH)
    }
  }
  return (status, given - Int(stream.avail_in), room - Int(stream.avail_out))
}
