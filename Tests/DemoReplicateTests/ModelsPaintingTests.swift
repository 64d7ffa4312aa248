import ReplicateAPI
import Testing

@testable import DemoReplicate

@Suite struct ModelsPaintingTests {
  @Test func `the same prompt and seed give the same picture`() async throws {
    let input: JSONObject = ["prompt": "a winter lake", "seed": 9, "megapixels": "0.25"]
    let one = try await DemoModel.painter.recorded(input, seed: 1).files.map(\.bytes)
    let other = try await DemoModel.painter.recorded(input, seed: 2).files.map(\.bytes)
    #expect(one == other)
    let size = PictureSize(width: 48, height: 32)
    let pictures = [9, 10].map { seed in
      PaintingStyle.landscape.paint(Scene(prompt: "a winter lake", seed: seed), size).png
    }
    #expect(pictures[0] != pictures[1])
  }

  @Test func `the painter honors the number of outputs and the aspect ratio`()
    async throws
  {
    let record = try await DemoModel.painter.recorded([
      "num_outputs": 2, "aspect_ratio": "9:16", "style": "circles", "steps": 3,
      "megapixels": "0.25",
    ])
    #expect(record.files.map(\.name) == ["out-0.png", "out-1.png"])
    #expect(record.output?.array?.count == 2)
    #expect(record.files[0].bytes != record.files[1].bytes)
    let picture = try PNG.decoded(record.files[0].bytes)
    #expect(picture.size == PictureSize(width: 384, height: 688))
    #expect(record.log.contains("100%|██████████| 3/3"))
  }

  @Test(arguments: PaintingStyle.allCases)
  func `every style has light and dark areas at any size`(_ style: PaintingStyle) throws {
    let scene = Scene(prompt: "a lighthouse, a boat and a forest at dusk", seed: 1)
    for size in [
      PictureSize(width: 96, height: 64), PictureSize(width: 20, height: 90),
      PictureSize(width: 1, height: 1),
    ] {
      let picture = style.paint(scene, size)
      #expect(picture.size == size)
      guard size.width > 1 else { continue }
      let lights = picture.pixels.map(\.luminance)
      #expect((lights.max() ?? 0) - (lights.min() ?? 0) > 0.2)
    }
  }

  @Test func `words choose the mood, and can rule it out`() {
    #expect(Scene(prompt: "a harbour at sunset", seed: 1).palette.name == "sunset")
    #expect(Scene(prompt: "the harbour", seed: 1).palette.name == "sea")
    #expect(Scene(prompt: "misty forest at dawn", seed: 1).palette.name == "dawn")
    for seed in UInt64(0)..<40 {
      let scene = Scene(prompt: "sunset", negativePrompt: "sunset, neon", seed: seed)
      #expect(!["sunset", "neon"].contains(scene.palette.name))
    }
  }

  @Test func `each plate of a slow exposure is finer than the one before`() async throws {
    let record = try await DemoModel.slowExposure.recorded([
      "plates": 2, "seed": 2, "style": "circles",
    ])
    let plates = try record.files.map { try PNG.decoded($0.bytes) }
    #expect(record.items.count == 2)
    #expect(Set(plates.map(\.width)).count == 1)
    let roughness = plates.map { plate in
      zip(plate.pixels, plate.pixels.dropFirst()).reduce(Float(0)) {
        $0 + abs($1.0.luminance - $1.1.luminance)
      }
    }
    #expect(roughness == roughness.sorted())
  }

  @Test func `a PNG file has complete chunks with correct checksums`() throws {
    let picture = Picture(PictureSize(width: 7, height: 5)) { x, y in
      Color(Float(x) / 6, Float(y) / 4, 0.5)
    }
    let file = picture.png
    #expect(file.prefix(8).elementsEqual([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    var offset = 8
    var names: [String] = []
    while offset < file.count {
      let length = Int(file.bigEndian(at: offset))
      names.append(String(decoding: file[(offset + 4)..<(offset + 8)], as: UTF8.self))
      let check = file.bigEndian(at: offset + 8 + length)
      #expect(Zlib.crc32(Array(file[(offset + 4)..<(offset + 8 + length)])) == check)
      offset += length + 12
    }
    #expect(names == ["IHDR", "IDAT", "IEND"])
    #expect(offset == file.count)
    #expect(Zlib.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    // The Adler-32 checksum is at the end.
    let packed = try #require(Zlib.compressed(Array("Wikipedia".utf8), as: .zlib))
    #expect(packed.bigEndian(at: packed.count - 4) == 0x11E6_0398)
  }

  @Test func `compressed bytes can be decompressed`() throws {
    var random = SeededRandom(1)
    let noisy = (0..<20_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let flat = [UInt8](repeating: 7, count: 140_000)
    let skewed = (0..<9000).map { _ in UInt8(truncatingIfNeeded: random.next().trailingZeroBitCount)
    }
    for bytes in [[], [1], [9, 9, 9, 9], noisy, flat, skewed, flat + noisy] {
      let packed = try #require(Zlib.compressed(bytes, as: .raw))
      #expect(Zlib.decompressed(packed, as: .raw, limit: bytes.count) == bytes)
    }
    // A match is at most 258 bytes long, and takes at least two codes.
    let packed = try #require(Zlib.compressed(flat, as: .raw))
    #expect(packed.count < flat.count / 200)
  }

  @Test func `fixed, stored and dynamic blocks can be decompressed`() throws {
    // With fixed codes, stored as is, and with dynamic codes.
    let fixed: [UInt8] = [0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40, 0x27, 0x01]
    #expect(Zlib.decompressed(fixed, as: .raw, limit: 100) == Array("hello hello hello hello".utf8))
    let stored: [UInt8] = [0x01, 0x03, 0x00, 0xFC, 0xFF, 0x61, 0x62, 0x63]
    #expect(Zlib.decompressed(stored, as: .raw, limit: 100) == Array("abc".utf8))
    let own: [UInt8] = [
      0x6D, 0xD2, 0xB1, 0x0D, 0xC2, 0x50, 0x10, 0x44, 0xC1, 0x56, 0x7E, 0x01, 0x04, 0xBE, 0x5B,
      0x30, 0x50, 0x0E, 0x48, 0x76, 0x84, 0xE4, 0xC0, 0xBF, 0x7F, 0x51, 0xC0, 0x38, 0x7D, 0xD1,
      0x68, 0xB5, 0xCB, 0xF8, 0x1E, 0x73, 0xFE, 0xB6, 0x73, 0x1C, 0xFB, 0x98, 0xDB, 0xE7, 0x36,
      0x8A, 0xD2, 0x94, 0x50, 0xEE, 0x94, 0x07, 0x65, 0xA5, 0x3C, 0x29, 0x2F, 0xCA, 0x5B, 0xE1,
      0x62, 0x52, 0x5D, 0xB2, 0x4B, 0x77, 0x09, 0x2F, 0xE5, 0x25, 0xBD, 0xB4, 0x97, 0xF8, 0x52,
      0xDF, 0xEA, 0xFB, 0x62, 0x73, 0xF5, 0xAD, 0xBE, 0xD5, 0xB7, 0xFA, 0x56, 0xDF, 0xEA, 0x5B,
      0x7D, 0xAB, 0x8F, 0xFA, 0xA8, 0xCF, 0xC5, 0x65, 0xD4, 0x47, 0x7D, 0xD4, 0x47, 0x7D, 0xD4,
      0x47, 0x7D, 0xD4, 0xFF, 0x01,
    ]
    let song = (0..<40).map { "\($0) bottles of tea, " }.joined()
    #expect(Zlib.decompressed(own, as: .raw, limit: 1000) == Array(song.utf8))
    #expect(Zlib.decompressed(fixed.dropLast(4), as: .raw, limit: 100) == nil)
    #expect(Zlib.decompressed(fixed, as: .raw, limit: 10) == nil)
  }

  @Test func `decoding a PNG gives the same picture, except for rounding`() throws {
    let picture = Landscape(
      Scene(prompt: "spring", seed: 3), PictureSize(width: 60, height: 45)
    ).painted()
    let read = try PNG.decoded(picture.png)
    #expect(read.size == picture.size)
    for (one, other) in zip(picture.pixels, read.pixels) {
      #expect(abs(one.red.clamped(to: 0...1) - other.red) < 0.005)
      #expect(abs(one.blue.clamped(to: 0...1) - other.blue) < 0.005)
    }
    #expect(throws: DemoFailure.self) { try PNG.decoded(Array(picture.png.dropLast(300))) }
    #expect(throws: DemoFailure.self) { try PNG.decoded(Array("GIF89a".utf8)) }
  }

  @Test func `a painted picture can be printed in monochrome`() async throws {
    let record = try await DemoModel.monochrome.recorded(
      DemoModel.monochrome.exampleInput.merging(["tone": "neutral"]) { $1 })
    let print = try PNG.decoded(record.files[0].bytes)
    #expect(print.size == PictureSize(width: 60, height: 40))
    #expect(
      print.pixels.allSatisfy { abs($0.red - $0.blue) < 0.01 && abs($0.red - $0.green) < 0.01 })
    await #expect(throws: DemoFailure.self) {
      _ = try await DemoModel.monochrome.recorded([
        "image": .string(DataURI.text("not a picture"))
      ])
    }
  }

  @Test func `the colors of a picture are found, most common first`() async throws {
    let picture = Picture(PictureSize(width: 30, height: 10)) { x, _ in
      x < 20 ? Color(0xFF0000) : Color(0x0000FF)
    }
    let record = try await DemoModel.paletteFinder.recorded([
      "image": .string(DataURI.picture(picture)), "colors": 2,
    ])
    #expect(record.output?["colors"] == ["#ff0000", "#0000ff"])
    #expect(record.output?["shares"] == [0.667, 0.333])
    #expect(record.output?["darkest"] == "#0000ff")
  }
}
