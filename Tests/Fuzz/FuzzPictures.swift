/// Headers of pictures: any bytes are read without a trap and in linear time, a size is plausible, and
/// what a cut-off file says about its size isn't contradicted by the whole file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPictures(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let cut = Int(input.byte())
  let bytes = input.bytes()
  check(bytes)
  check(Array(bytes.prefix(cut)))
  _ = MediaType.of(head: bytes, name: bytes.prefix(cut).map { $0 }.utf8Text)
  parseAmplified(bytes) { check($0) }
  return 0
}

private func check(_ bytes: [UInt8]) {
  let header = PictureHeader(bytes)
  if let size = header?.size {
    require(
      size.width > 0 && size.height > 0 && size.width <= 1 << 32 && size.height <= 1 << 32,
      "the size is \(size)")
  }
  if let header {
    require(
      MediaType.byContent(bytes) == header.format.mediaType, "the type isn't \(header.format)'s")
  }
}
