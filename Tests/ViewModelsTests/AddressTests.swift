import ReplicateAPI
import Testing
import ViewModels

struct AddressTests {
  static let painter = ModelID(owner: "demo", name: "painter")

  @Test(arguments: [
    "demo/painter", " demo/painter ", "replicate.com/demo/painter",
    "https://replicate.com/demo/painter", "https://replicate.com/demo/painter/api?x=1#top",
    "https://www.replicate.com/demo/painter", "https://api.replicate.com/v1/models/demo/painter",
  ])
  func `a model is known by its name and by its addresses`(text: String) {
    #expect(Address(text) == .model(Self.painter, version: nil))
  }

  @Test func `a version is taken from after the colon or from the address`() {
    #expect(Address("demo/painter:abc") == .model(Self.painter, version: "abc"))
    #expect(
      Address("https://replicate.com/demo/painter/versions/abc/api")
        == .model(Self.painter, version: "abc"))
  }

  @Test func `predictions and collections have addresses too`() {
    #expect(Address("p/xyz123") == .prediction("xyz123"))
    #expect(Address("https://replicate.com/p/xyz123") == .prediction("xyz123"))
    #expect(
      Address("https://api.replicate.com/v1/predictions/xyz123/cancel") == .prediction("xyz123"))
    #expect(
      Address("https://replicate.com/collections/text-to-image") == .collection("text-to-image"))
  }

  @Test(arguments: [
    "", "demo", "/", "demo/", "https://example.com/demo/painter",
    "https://replicate.com.evil.net/a/b",
    "a b/c", "demo/pain ter", "demo/painter:", "javascript:alert(1)/x", "../../etc/passwd", "p/",
    "é/è",
    "demo/painter:a:b",
  ])
  func `anything else is no address`(text: String) {
    #expect(Address(text) == nil)
  }
}
