/// The format and the size of a picture, read from the first bytes of its file.
///
///     PictureHeader(head)?.size  // 1024 × 768
///
/// Nothing is decoded, and no bytes can trap: sizes are whatever the header says.
public struct PictureHeader: Sendable, Hashable {
  public enum Format: String, Sendable, Hashable, CaseIterable {
    case png, jpeg, gif, webp, bmp, tiff, avif, heic, svg
  }

  /// In pixels, or in an SVG's own units.
  public struct Size: Sendable, Hashable {
    public var width: Int
    public var height: Int

    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  public var format: Format
  /// Nil if it isn't in these bytes, or is zero.
  public var size: Size?

  /// Nil if this isn't the beginning of a picture in a known format.
  public init?(_ head: [UInt8]) {
    let head = HeadBytes(head)
    guard let format = Self.format(of: head) else { return nil }
    self.format = format
    let size: Size? =
      switch format {
      case .png: Self.pngSize(head)
      case .jpeg: Self.jpegSize(head)
      case .gif: Self.size(head.little(6, 2), head.little(8, 2))
      case .webp: Self.webpSize(head)
      case .bmp: Self.bmpSize(head)
      case .tiff: Self.tiffSize(head)
      case .avif, .heic: Self.heifSize(head)
      case .svg: SVGHeader.size(of: head)
      }
    if let size, size.width > 0, size.height > 0 { self.size = size }
  }

  private static func format(of head: HeadBytes) -> Format? {
    if head.has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
    if head.has([0xFF, 0xD8, 0xFF]) { return .jpeg }
    if head.has("GIF87a") || head.has("GIF89a") { return .gif }
    if head.has("RIFF"), head.has("WEBP", at: 8) { return .webp }
    if head.has("II*\0") || head.has("MM\0*") { return .tiff }
    if head.has("ftyp", at: 4) { return heifFormat(head) }
    // Two letters are little to go by, so the size of the next header has to be one of those in use.
    if head.has("BM"), let size = head.little(14, 4), [12, 40, 52, 56, 64, 108, 124].contains(size)
    {
      return .bmp
    }
    return SVGHeader.isSVG(head) ? .svg : nil
  }

  private static func size(_ width: Int?, _ height: Int?) -> Size? {
    guard let width, let height else { return nil }
    return Size(width: width, height: height)
  }

  private static func pngSize(_ head: HeadBytes) -> Size? {
    // Apple's variant has another chunk before the header.
    let start = head.has("CgBI", at: 12) ? 24 : 8
    guard head.has("IHDR", at: start + 4) else { return nil }
    return size(head.big(start + 8, 4), head.big(start + 12, 4))
  }

  /// The size is in the start of the first frame, after segments of metadata.
  private static func jpegSize(_ head: HeadBytes) -> Size? {
    var offset = 2
    while let mark = head.byte(offset), let kind = head.byte(offset + 1) {
      guard mark == 0xFF else { return nil }
      switch kind {
      case 0xFF: offset += 1  // a fill byte
      case 0x01, 0xD0...0xD8: offset += 2  // markers without a segment
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        return size(head.big(offset + 7, 2), head.big(offset + 5, 2))
      case 0xD9, 0xDA: return nil
      default:
        guard let length = head.big(offset + 2, 2), length >= 2 else { return nil }
        offset += 2 + length
      }
    }
    return nil
  }

  private static func webpSize(_ head: HeadBytes) -> Size? {
    if head.has("VP8X", at: 12) {
      return size(head.little(24, 3).map { $0 + 1 }, head.little(27, 3).map { $0 + 1 })
    }
    if head.has("VP8 ", at: 12), head.has([0x9D, 0x01, 0x2A], at: 23) {
      return size(
        head.little(26, 2).map { $0 & 0x3FFF }, head.little(28, 2).map { $0 & 0x3FFF })
    }
    if head.has("VP8L", at: 12), head.byte(20) == 0x2F, let bits = head.little(21, 4) {
      return size(bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
    }
    return nil
  }

  private static func bmpSize(_ head: HeadBytes) -> Size? {
    if head.little(14, 4) == 12 { return size(head.little(18, 2), head.little(20, 2)) }
    // Heights below zero mean that the rows go from top to bottom.
    func magnitude(_ offset: Int) -> Int? {
      head.little(offset, 4).map { Int(Int32(truncatingIfNeeded: $0).magnitude) }
    }
    return size(magnitude(18), magnitude(22))
  }

  /// The first directory has the width and the height among its entries.
  private static func tiffSize(_ head: HeadBytes) -> Size? {
    let isLittle = head.byte(0) == 0x49
    func number(_ offset: Int, _ size: Int) -> Int? {
      isLittle ? head.little(offset, size) : head.big(offset, size)
    }
    guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
    var width: Int?
    var height: Int?
    for entry in 0..<min(count, 512) {
      let offset = directory + 2 + 12 * entry
      guard let tag = number(offset, 2), let type = number(offset + 2, 2) else { break }
      guard tag == 256 || tag == 257 else { continue }
      let value = number(offset + 8, type == 3 ? 2 : 4)
      if tag == 256 { width = value } else { height = value }
    }
    return size(width, height)
  }
}

// AVIF and HEIC, which are boxes in boxes (ISO/IEC 23008-12).
extension PictureHeader {
  private static func heifFormat(_ head: HeadBytes) -> Format? {
    guard let length = head.big(0, 4) else { return nil }
    var brands: [String] = []
    for offset in stride(from: 8, to: min(length, head.count, 256), by: 4) where offset != 12 {
      brands.append(head.text(offset..<offset + 4))
    }
    if brands.contains(where: { ["avif", "avis"].contains($0) }) { return .avif }
    let heic = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]
    return brands.first.map(heic.contains) == true ? .heic : nil
  }

  /// The largest of the images in the file: the others are tiles and thumbnails.
  private static func heifSize(_ head: HeadBytes) -> Size? {
    guard let meta = box("meta", in: 0..<head.count, head),
      // A version and flags come before the boxes inside.
      let properties = box("iprp", in: inside(meta, skipping: 4), head),
      let container = box("ipco", in: properties, head)
    else { return nil }
    var largest: Size?
    forEachBox(in: container, head) { name, content in
      guard name == "ispe",
        let size = size(head.big(content.lowerBound + 4, 4), head.big(content.lowerBound + 8, 4))
      else { return true }
      // Each may be the largest number of 32 bits.
      func area(_ size: Size) -> Double { Double(size.width) * Double(size.height) }
      if area(size) > largest.map(area) ?? -1 { largest = size }
      return true
    }
    return largest
  }

  private static func inside(_ range: Range<Int>, skipping count: Int) -> Range<Int> {
    min(range.lowerBound + count, range.upperBound)..<range.upperBound
  }

  private static func box(
    _ wanted: String, in range: Range<Int>, _ head: HeadBytes
  ) -> Range<Int>? {
    var found: Range<Int>?
    forEachBox(in: range, head) { name, content in
      if name == wanted { found = content }
      return found == nil
    }
    return found
  }

  /// Calls `body` with the content of each box until it returns false.
  private static func forEachBox(
    in range: Range<Int>, _ head: HeadBytes, _ body: (String, Range<Int>) -> Bool
  ) {
    var offset = range.lowerBound
    var count = 0
    while offset + 8 <= range.upperBound, count < 1000, let size = head.big(offset, 4) {
      count += 1
      // A size of 1 announces a longer one, of 8 bytes; 0 means to the end.
      var start = offset + 8
      var length = size == 0 ? range.upperBound - offset : size
      if size == 1 {
        guard head.big(offset + 8, 4) == 0, let long = head.big(offset + 12, 4) else { return }
        (start, length) = (offset + 16, long)
      }
      guard length >= start - offset else { return }
      let end = min(offset + length, range.upperBound)
      let name = head.text(offset + 4..<offset + 8)
      guard body(name, min(start, end)..<end) else { return }
      offset += length
    }
  }
}
