import ReplicateAPI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Data URIs for the file inputs of the examples.
enum DataURI {
  static func text(_ text: String) -> String {
    "data:text/plain;base64," + Data(text.utf8).base64EncodedString()
  }

  static func picture(_ picture: Picture) -> String {
    "data:image/png;base64," + Data(PNG.encoded(picture, isDithered: false)).base64EncodedString()
  }

  /// A thumbnail of a landscape, a few kilobytes in size.
  static func thumbnail(_ prompt: String, width: Int, height: Int, seed: UInt64 = 1) -> String {
    let size = PictureSize(width: width, height: height)
    let large = Landscape(Scene(prompt: prompt, seed: seed), size.scaled(2)).painted()
    return picture(large.resized(to: size))
  }
}

extension DataURI {
  /// The contents of a data URI; nil if it can't be decoded.
  static func bytes(of uri: String) -> [UInt8]? {
    guard let comma = uri.firstIndex(of: ",") else { return nil }
    let data = String(uri[uri.index(after: comma)...])
    guard uri[..<comma].hasSuffix(";base64") else {
      return Array(PercentEncoding.decoded(data[...]).utf8)
    }
    return Data(base64Encoded: data).map { Array($0) }
  }
}
