/// A short silent video, as an AVI file of uncompressed frames.
struct Film: Sendable {
  static let type = "video/x-msvideo"

  var frames: [Picture]
  var framesPerSecond = 8

  /// A RIFF file with one stream (Microsoft's AVI RIFF File Reference).
  var file: [UInt8] {
    guard let first = frames.first else { return [] }
    let frameSize = Self.stride(first) * first.height
    let main: [UInt32] = [
      UInt32(1_000_000 / framesPerSecond), UInt32(frameSize * framesPerSecond), 0, 0,
      UInt32(frames.count), 0, 1, UInt32(frameSize), UInt32(first.width), UInt32(first.height),
      0, 0, 0, 0,
    ]
    let stream: [UInt32] = [
      0, 0, 0, 1, UInt32(framesPerSecond), 0, UInt32(frames.count), UInt32(frameSize), .max, 0,
      0, UInt32(first.height) << 16 | UInt32(first.width),
    ]
    let bitmap: [UInt32] = [
      40, UInt32(first.width), UInt32(first.height), 24 << 16 | 1, 0, UInt32(frameSize), 0, 0, 0, 0,
    ]
    let header = Self.list(
      "hdrl",
      Self.chunk("avih", Self.bytes(main))
        + Self.list(
          "strl",
          Self.chunk("strh", Array("vidsDIB ".utf8) + Self.bytes(stream))
            + Self.chunk("strf", Self.bytes(bitmap))))
    let movie = Self.list("movi", frames.flatMap { Self.chunk("00db", Self.pixels($0)) })
    return Self.chunk("RIFF", Array("AVI ".utf8) + header + movie)
  }

  /// The length of a row, a multiple of four.
  private static func stride(_ picture: Picture) -> Int { (picture.width * 3 + 3) / 4 * 4 }

  /// Blue, green and red, from the bottom row to the top one.
  private static func pixels(_ picture: Picture) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(stride(picture) * picture.height)
    let padding = stride(picture) - picture.width * 3
    for y in (0..<picture.height).reversed() {
      for x in 0..<picture.width {
        let color = picture[x, y]
        for part in [color.blue, color.green, color.red] {
          bytes.append(UInt8(part.clamped(to: 0...1) * 255))
        }
      }
      bytes += [UInt8](repeating: 0, count: padding)
    }
    return bytes
  }

  private static func bytes(_ numbers: [UInt32]) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in numbers { bytes.append(littleEndian: number) }
    return bytes
  }

  private static func list(_ name: String, _ content: [UInt8]) -> [UInt8] {
    chunk("LIST", Array(name.utf8) + content)
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    var bytes = Array(name.utf8)
    bytes.append(littleEndian: UInt32(content.count))
    return bytes + content
  }
}
