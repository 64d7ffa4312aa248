/// 16-bit mono WAV files: written by the synthesizer, read by the transcriber.
struct WAV: Sendable {
  static let type = "audio/wav"

  var rate: Int
  /// From -1 to 1.
  var samples: [Float]

  var seconds: Double {
    rate > 0 ? Double(samples.count) / Double(rate) : 0
  }

  init(rate: Int, samples: [Float]) {
    self.rate = rate
    self.samples = samples
  }

  var file: [UInt8] {
    let size = UInt32(samples.count * 2)
    var bytes = Array("RIFF".utf8)
    bytes.append(littleEndian: 36 + size)
    bytes += Array("WAVEfmt ".utf8)
    bytes.append(littleEndian: UInt32(16))
    bytes.append(littleEndian: UInt16(1))
    bytes.append(littleEndian: UInt16(1))
    bytes.append(littleEndian: UInt32(rate))
    bytes.append(littleEndian: UInt32(rate * 2))
    bytes.append(littleEndian: UInt16(2))
    bytes.append(littleEndian: UInt16(16))
    bytes += Array("data".utf8)
    bytes.append(littleEndian: size)
    bytes.reserveCapacity(bytes.count + Int(size))
    for sample in samples {
      let value = Int16((sample.clamped(to: -1...1) * 32_767).rounded())
      bytes.append(littleEndian: UInt16(bitPattern: value))
    }
    return bytes
  }

  /// Reads 8-bit or 16-bit PCM, and mixes multiple channels into one.
  init(file: [UInt8]) throws(DemoFailure) {
    guard file.count > 12, file.starts(with: "RIFF".utf8), file[8..<12].elementsEqual("WAVE".utf8)
    else {
      throw DemoFailure(message: "Unsupported audio: only WAV files can be read.")
    }
    var format: (channels: Int, rate: Int, bits: Int)?
    var offset = 12
    while offset + 8 <= file.count {
      let name = String(decoding: file[offset..<(offset + 4)], as: UTF8.self)
      let begin = offset + 8
      let length = min(Int(file.littleEndian(at: offset + 4)), file.count - begin)
      if name == "fmt ", length >= 16 {
        guard file.littleEndian(at: begin, count: 2) == 1 else { break }
        format = (
          channels: max(1, Int(file.littleEndian(at: begin + 2, count: 2))),
          rate: Int(file.littleEndian(at: begin + 4)),
          bits: Int(file.littleEndian(at: begin + 14, count: 2))
        )
      }
      if name == "data", let format, [8, 16].contains(format.bits), format.rate > 0 {
        self.init(
          rate: format.rate,
          samples: Self.samples(file[begin..<(begin + length)], format.channels, format.bits))
        return
      }
      offset = begin + length + length % 2
    }
    throw DemoFailure(message: "Unsupported audio: only PCM of 8 or 16 bits can be read.")
  }

  private static func samples(_ data: ArraySlice<UInt8>, _ channels: Int, _ bits: Int) -> [Float] {
    let width = bits / 8
    let frames = data.count / (width * channels)
    return (0..<frames).map { frame in
      var sum: Float = 0
      for channel in 0..<channels {
        let place = data.startIndex + (frame * channels + channel) * width
        if bits == 8 {
          sum += (Float(data[place]) - 128) / 128
        } else {
          let value = UInt16(data[place]) | UInt16(data[place + 1]) << 8
          sum += Float(Int16(bitPattern: value)) / 32_768
        }
      }
      return sum / Float(channels)
    }
  }
}
