import Testing

@testable import Pictures

@Suite struct `Headers of pictures` {
  typealias Size = PictureHeader.Size

  private func header(_ bytes: [UInt8]) -> PictureHeader? { PictureHeader(bytes) }

  private func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func big(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private func little(_ number: Int, _ count: Int) -> [UInt8] {
    big(number, count).reversed()
  }

  private var png: [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + big(13, 4) + ascii("IHDR") + big(1024, 4)
      + big(768, 4) + [8, 6, 0, 0, 0]
  }

  private func box(_ name: String, _ content: [UInt8]) -> [UInt8] {
    big(content.count + 8, 4) + ascii(name) + content
  }

  private func heif(
    _ brand: String, _ images: [(Int, Int)] = [(160, 120), (3000, 2000), (512, 512)]
  ) -> [UInt8] {
    let sizes = images.flatMap { width, height in
      box("ispe", big(0, 4) + big(width, 4) + big(height, 4))
    }
    let properties = box("iprp", box("ipco", box("colr", [1, 2, 3]) + sizes))
    return box("ftyp", ascii(brand) + big(0, 4) + ascii("mif1miaf"))
      + box("meta", big(0, 4) + box("hdlr", Array(repeating: 0, count: 24)) + properties)
  }

  @Test func `PNG, also as Apple writes it`() {
    #expect(header(png)?.format == .png)
    #expect(header(png)?.size == Size(width: 1024, height: 768))
    let apple = Array(png[..<8]) + big(4, 4) + ascii("CgBI") + big(0, 8) + Array(png[8...])
    #expect(header(apple)?.size == Size(width: 1024, height: 768))
  }

  @Test func `JPEG, behind segments of metadata`() {
    let metadata: [UInt8] =
      [0xFF, 0xE1] + big(70_000 & 0xFFFF, 2)
      + Array(repeating: 0, count: 70_000 & 0xFFFF - 2)
    let frame: [UInt8] = [0xFF, 0xFF, 0xC2] + big(17, 2) + [8] + big(600, 2) + big(800, 2)
    #expect(header([0xFF, 0xD8] + metadata + frame)?.size == Size(width: 800, height: 600))
    // A Huffman table isn't a frame, and the size isn't looked for in the pixels.
    let table: [UInt8] = [0xFF, 0xC4] + big(5, 2) + [1, 2, 3]
    #expect(header([0xFF, 0xD8] + table + frame)?.size == Size(width: 800, height: 600))
    #expect(header([0xFF, 0xD8, 0xFF, 0xDA] + frame)?.size == nil)
    #expect(header([0xFF, 0xD8] + metadata)?.format == .jpeg)
  }

  @Test func `GIF, BMP in both ages, and rows from the top`() {
    #expect(
      header(ascii("GIF89a") + little(320, 2) + little(200, 2))?.size
        == Size(width: 320, height: 200))
    let start = ascii("BM") + Array(repeating: 0, count: 12)
    #expect(
      header(start + little(40, 4) + little(640, 4) + little(-480, 4))?.size
        == Size(width: 640, height: 480))
    #expect(
      header(start + little(12, 4) + little(64, 2) + little(48, 2))?.size
        == Size(width: 64, height: 48))
    #expect(header(ascii("BM and other words of a text")) == nil)
  }

  @Test func `WebP in its three kinds`() {
    func riff(_ chunk: String, _ content: [UInt8]) -> [UInt8] {
      ascii("RIFF") + little(99, 4) + ascii("WEBP") + ascii(chunk) + little(content.count, 4)
        + content
    }
    #expect(
      header(riff("VP8X", [0, 0, 0, 0] + little(1919, 3) + little(1079, 3)))?.size
        == Size(width: 1920, height: 1080))
    #expect(
      header(riff("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A] + little(550, 2) + little(368, 2)))?.size
        == Size(width: 550, height: 368))
    #expect(
      header(riff("VP8L", [0x2F] + little(385 | 394 << 14, 4)))?.size
        == Size(width: 386, height: 395))
  }

  @Test func `TIFF in both byte orders`() {
    func entry(_ tag: Int, _ type: Int, _ value: Int, _ write: (Int, Int) -> [UInt8]) -> [UInt8] {
      write(tag, 2) + write(type, 2) + write(1, 4)
        + (type == 3 ? write(value, 2) + [0, 0] : write(value, 4))
    }
    for (mark, write) in [("II*\0", little), ("MM\0*", big)] {
      let bytes =
        ascii(mark) + write(8, 4) + write(3, 2) + entry(254, 4, 0, write)
        + entry(256, 3, 400, write) + entry(257, 4, 300, write)
      #expect(header(bytes)?.format == .tiff)
      #expect(header(bytes)?.size == Size(width: 400, height: 300))
    }
  }

  @Test func `AVIF and HEIC, by their largest image`() {
    #expect(header(heif("avif"))?.format == .avif)
    #expect(header(heif("avif"))?.size == Size(width: 3000, height: 2000))
    #expect(header(heif("heic"))?.format == .heic)
    let most = 0xFFFF_FFFF
    #expect(header(heif("avif", [(most, most), (8, 8)]))?.format == .avif)
    #expect(header(box("ftyp", ascii("isom") + big(0, 4) + ascii("mp42"))) == nil)
  }

  @Test(arguments: [
    ("<svg width=\"120\" height='80px'/>", 120, 80),
    (
      "<?xml version=\"1.0\"?>\n<!-- a > b -->\n<!DOCTYPE svg>\n<svg viewBox=\"0 0 24 16\">", 24, 16
    ),
    ("\u{FEFF}<svg stroke-width=\"9\" width=\"12.5\" height=\"10\">", 12, 10),
  ])
  func `SVG by its own size or its view box`(text: String, width: Int, height: Int) {
    #expect(header(ascii(text))?.format == .svg)
    #expect(header(ascii(text))?.size == Size(width: width, height: height))
  }

  @Test func `what isn't said in pixels isn't guessed`() {
    #expect(header(ascii("<svg width=\"100%\" height=\"2cm\">"))?.format == .svg)
    #expect(header(ascii("<svg width=\"100%\" height=\"2cm\">"))?.size == nil)
    #expect(header(ascii("<svgs>")) == nil)
    #expect(header(ascii("text <svg>")) == nil)
  }

  @Test func `a header that is cut off anywhere, or changed anywhere, is no trap`() {
    let whole =
      [png, heif("avif"), ascii("<svg width=\"1\" height=\"2\">")]
      + [ascii("II*\0") + little(8, 4) + little(9, 2) + Array(repeating: 7, count: 40)]
    for bytes in whole {
      for count in 0...bytes.count { _ = header(Array(bytes.prefix(count))) }
      for index in bytes.indices {
        for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
          var changed = bytes
          changed[index] = value
          if let size = header(changed)?.size {
            #expect(size.width > 0 && size.height > 0)
          }
          _ = MediaType.of(head: changed, name: "a.png")
        }
      }
    }
  }
}

@Suite struct `Media types` {
  @Test(arguments: [
    ("ID3\u{3}", "audio/mpeg"), ("fLaC\0", "audio/flac"), ("OggS\0", "audio/ogg"),
    ("RIFF....WAVEfmt ", "audio/wav"), ("RIFF....AVI LIST", "video/x-msvideo"),
    ("FORM....AIFF", "audio/aiff"), ("\0\0\0\u{18}ftypisom", "video/mp4"),
    ("\0\0\0\u{18}ftypM4A ", "audio/mp4"), ("\0\0\0\u{18}ftypqt  ", "video/quicktime"),
    ("%PDF-1.7", "application/pdf"), ("PK\u{3}\u{4}\u{14}", "application/zip"),
    ("MThd\0", "audio/midi"), ("glTF\u{2}", "model/gltf-binary"),
  ])
  func `by the first bytes`(text: String, type: String) {
    #expect(MediaType.byContent(Array(text.utf8)) == type)
    // The content counts more than the name.
    #expect(MediaType.of(head: Array(text.utf8), name: "a.txt") == type)
  }

  @Test func `sound and video in frames`() {
    #expect(MediaType.byContent([0xFF, 0xFB, 0x90, 0x64]) == "audio/mpeg")
    #expect(MediaType.byContent([0xFF, 0xF1, 0x50, 0x80]) == "audio/aac")
    #expect(MediaType.byContent([0xFF, 0xFE, 0x41, 0x00]) == nil)
    let webm: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x84] + Array("webm".utf8)
    #expect(MediaType.byContent(webm) == "video/webm")
    #expect(MediaType.of(head: webm, name: "a.weba") == "audio/webm")
  }

  @Test func `by the name, where the bytes tell nothing`() {
    #expect(MediaType.of(head: [], name: "cat.PNG") == "image/png")
    #expect(MediaType.of(head: Array("a,b\n1,2\n".utf8), name: "x.csv") == "text/csv")
    #expect(MediaType.of(head: Array("hello".utf8), name: "README") == "text/plain")
    #expect(MediaType.of(head: Array("€".utf8).dropLast(), name: "cut") == "text/plain")
    #expect(MediaType.of(head: [1, 2, 3], name: "blob") == MediaType.unknown)
    #expect(MediaType.of(head: [], name: "none") == MediaType.unknown)
  }

  @Test func `a document is more than the archive it is in`() {
    let zip = Array("PK\u{3}\u{4}".utf8)
    #expect(MediaType.of(head: zip, name: "a.epub") == "application/epub+zip")
    #expect(MediaType.of(head: zip, name: "a.png") == "application/zip")
  }

  @Test func `what an input accepts`() {
    #expect(MediaType.accepts([], type: "video/mp4", name: "a.mp4"))
    #expect(MediaType.accepts(["image/*"], type: "image/png", name: "a"))
    #expect(!MediaType.accepts(["image/*"], type: "video/mp4", name: "a.mp4"))
    #expect(MediaType.accepts(["image/jpg"], type: "image/jpeg", name: "a"))
    #expect(MediaType.accepts(["audio/x-wav", "audio/mp3"], type: "audio/mpeg", name: "a"))
    #expect(
      MediaType.accepts([".safetensors"], type: "application/octet-stream", name: "a.safetensors"))
    #expect(MediaType.accepts([".png"], type: "image/png", name: "a"))
    #expect(MediaType.accepts(["*/*"], type: "x/y", name: "a"))
  }
}
