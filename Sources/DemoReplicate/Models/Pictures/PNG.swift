/// Reads and writes PNG files, following the PNG specification (W3C, second edition).
enum PNG {
  static let type = "image/png"

  /// Encodes a picture with 8 bits per channel and no transparency.
  ///
  /// - Parameter isDithered: Whether to dither, which makes long gradients smooth and the file
  ///   larger.
  static func encoded(_ picture: Picture, isDithered: Bool = true) -> [UInt8] {
    var header: [UInt8] = []
    header.append(bigEndian: UInt32(picture.width))
    header.append(bigEndian: UInt32(picture.height))
    header += [8, 2, 0, 0, 0]
    var file = signature
    file.append(chunk: "IHDR", header)
    file.append(
      chunk: "IDAT",
      Zlib.compressed(filtered(picture, isDithered), as: .zlib, strategy: .runLengths) ?? [])
    file.append(chunk: "IEND", [])
    return file
  }

  /// Decodes a PNG file with 8 bits per channel that isn't interlaced.
  static func decoded(_ file: [UInt8]) throws(DemoFailure) -> Picture {
    guard file.starts(with: signature) else {
      throw DemoFailure(message: "cannot identify image file: it isn't a PNG")
    }
    var size = PictureSize(width: 1, height: 1)
    var channels = 0
    var palette: [UInt8] = []
    var data: [UInt8] = []
    var offset = signature.count
    while offset + 12 <= file.count {
      let length = Int(file.bigEndian(at: offset))
      let name = String(decoding: file[(offset + 4)..<(offset + 8)], as: UTF8.self)
      let begin = offset + 8
      guard begin + length + 4 <= file.count else { break }
      let body = file[begin..<(begin + length)]
      switch name {
      case "IHDR":
        guard length == 13 else { throw damaged }
        size = PictureSize(
          width: Int(file.bigEndian(at: begin)), height: Int(file.bigEndian(at: begin + 4)))
        let kinds: [UInt8: Int] = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4]
        guard file[begin + 8] == 8, file[begin + 12] == 0, let count = kinds[file[begin + 9]]
        else {
          throw DemoFailure(
            message: "unsupported PNG: only eight bits a channel, not interlaced, can be read")
        }
        guard size.width <= 8192, size.height <= 8192, size.width * size.height <= 16_777_216
        else {
          throw DemoFailure(message: "the picture is too large: 16 megapixels at most")
        }
        channels = count
      case "PLTE": palette = Array(body)
      case "IDAT": data += body
      default: break
      }
      offset = begin + length + 4
    }
    guard channels > 0 else { throw damaged }
    let length = (size.width * channels + 1) * size.height
    guard let raw = Zlib.decompressed(data, as: .zlib, limit: length), raw.count == length
    else { throw damaged }
    return picture(unfiltered(raw, size, channels), size, channels, palette)
  }

  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let damaged = DemoFailure(message: "image file is truncated or damaged")
}

extension PNG {
  /// Rows of differences to the pixel above, or to the left in the first row. They are mostly small
  /// numbers, which compress well.
  private static func filtered(_ picture: Picture, _ isDithered: Bool) -> [UInt8] {
    let stride = picture.width * 3
    let dither = Noise(1)
    var row = [UInt8](repeating: 0, count: stride)
    var above = row
    var result: [UInt8] = []
    result.reserveCapacity((stride + 1) * picture.height)
    var pixel = 0
    for y in 0..<picture.height {
      for x in 0..<picture.width {
        let color = picture.pixels[pixel]
        // Noise of less than one step avoids banding in long gradients.
        let speck = isDithered ? dither.speck(x, y) : 0.5
        row[x * 3] = byte(color.red, speck)
        row[x * 3 + 1] = byte(color.green, speck)
        row[x * 3 + 2] = byte(color.blue, speck)
        pixel += 1
      }
      let left = y == 0
      result.append(left ? 1 : 2)
      var index = 0
      while index < stride {
        let before = left ? (index < 3 ? 0 : row[index - 3]) : above[index]
        result.append(row[index] &- before)
        index += 1
      }
      swap(&row, &above)
    }
    return result
  }

  private static func byte(_ part: Float, _ speck: Float) -> UInt8 {
    let value = part * 255 + speck * 0.98 + 0.01
    return value <= 0 ? 0 : value >= 255 ? 255 : UInt8(value)
  }

  private static func unfiltered(
    _ raw: [UInt8], _ size: PictureSize, _ channels: Int
  ) -> [UInt8] {
    let stride = size.width * channels
    var result = [UInt8](repeating: 0, count: stride * size.height)
    for y in 0..<size.height {
      let filter = raw[y * (stride + 1)]
      for index in 0..<stride {
        let place = y * stride + index
        let left = index < channels ? 0 : Int(result[place - channels])
        let up = y == 0 ? 0 : Int(result[place - stride])
        let corner = index < channels || y == 0 ? 0 : Int(result[place - stride - channels])
        let guess =
          switch filter {
          case 1: left
          case 2: up
          case 3: (left + up) / 2
          case 4: nearest(left, up, corner)
          default: 0
          }
        result[place] = raw[y * (stride + 1) + 1 + index] &+ UInt8(guess)
      }
    }
    return result
  }

  /// The Paeth predictor: the neighbor nearest to left + up - corner.
  private static func nearest(_ left: Int, _ up: Int, _ corner: Int) -> Int {
    let guess = left + up - corner
    let (a, b, c) = (abs(guess - left), abs(guess - up), abs(guess - corner))
    if a <= b, a <= c { return left }
    return b <= c ? up : corner
  }

  private static func picture(
    _ bytes: [UInt8], _ size: PictureSize, _ channels: Int, _ palette: [UInt8]
  ) -> Picture {
    Picture(size) { x, y in
      let place = (y * size.width + x) * channels
      if channels == 1, !palette.isEmpty {
        let entry = Int(bytes[place]) * 3
        guard entry + 2 < palette.count else { return Color(0) }
        return color(palette[entry], palette[entry + 1], palette[entry + 2])
      }
      if channels < 3 { return color(bytes[place], bytes[place], bytes[place]) }
      return color(bytes[place], bytes[place + 1], bytes[place + 2])
    }
  }

  private static func color(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Color {
    Color(Float(red) / 255, Float(green) / 255, Float(blue) / 255)
  }
}

extension [UInt8] {
  /// Appends a chunk: length, name, content and checksum.
  fileprivate mutating func append(chunk name: String, _ content: [UInt8]) {
    append(bigEndian: UInt32(content.count))
    let checked = Array(name.utf8) + content
    self += checked
    append(bigEndian: Zlib.crc32(checked))
  }
}
