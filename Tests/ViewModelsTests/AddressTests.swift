import ReplicateAPI
import Testing
import ViewModels

@MainActor struct AddressTests {
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

  @Test(arguments: [
    "https://replicate.com/demo/painter?prediction=xyz123",
    "replicate.com/demo/painter/api?input=form&prediction=xyz123#top",
    "demo/painter?prediction=xyz123",
  ])
  func `a model's page can name a prediction`(text: String) {
    #expect(Address(text) == .prediction("xyz123"))
  }

  @Test(arguments: [
    ("https://replicate.com/collections", "collections"),
    ("replicate.com/collections/", "collections"),
    ("https://replicate.com/explore", "models"), ("https://api.replicate.com/v1/models", "models"),
    ("https://replicate.com/predictions", "predictions"),
    ("https://api.replicate.com/v1/hardware", "hardware"),
    ("https://replicate.com/deployments", "deployments"),
    ("https://replicate.com/account", "account"), ("replicate.com/trainings", "trainings"),
    ("https://api.replicate.com/v1/files", "files"),
  ])
  func `pages that are places here lead to them`(text: String, place: String) {
    #expect(Address(text) == .place(PlaceID(place)))
  }

  @Test func `a deployment and a training are opened by their pages`() {
    #expect(
      Address("https://replicate.com/deployments/acme/app")
        == .deployment(ModelID(owner: "acme", name: "app")))
    #expect(Address("https://api.replicate.com/v1/trainings/xyz") == .training("xyz"))
  }

  @Test(arguments: [
    "deployments/a", "docs/reference/http#predictions.create", "docs", "account/api-tokens",
    "pricing", "blog/some-post", "acme", "", "?x=1",
    "explore/x",
  ])
  func `other pages are for the web browser`(path: String) {
    let page = Address.web("https://replicate.com/\(path)")
    #expect(Address("https://replicate.com/\(path)") == page)
    #expect(Address("www.replicate.com/\(path)") == page)
    #expect(Address("https://api.replicate.com/v1/\(path)") == page)
  }

  @Test(arguments: ["collections", "models", "docs", "hardware"])
  func `a word alone is no address`(text: String) {
    #expect(Address(text) == nil)
  }

  @Test func `the pages' names stay those of the places`() {
    #expect(Address("replicate.com/collections") == .place(CollectionsViewModel.id))
    #expect(Address("replicate.com/models") == .place(ModelsViewModel.id))
    #expect(Address("replicate.com/predictions") == .place(PredictionsViewModel.id))
    #expect(Address("replicate.com/hardware") == .place(HardwareViewModel.id))
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
