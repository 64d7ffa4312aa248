import ReplicateAPI
import Running

// What is read about a model: its README and its examples, as plain text.
extension ModelViewModel {
  /// The document of the tab that is shown, if it is one to read.
  public var document: Document? {
    guard form == nil else { return nil }
    return switch tab {
    case .readme: readme
    case .examples: examples
    case .overview, .inputs, .versions: nil
    }
  }

  /// Loads what the tab shows, unless that was done.
  func loadDocument() {
    arrangeDocuments()
    guard let id = shown, let document, document.isEmpty else { return }
    let tab = tab
    document.show([.init(.note, "Loading…")])
    activity.start("\(tab)") { [client = session.client, weak self] in
      let blocks: [Document.Block]
      do throws(ReplicateError) {
        blocks =
          tab == .readme
          ? Self.blocks(readme: try await client.send(.readme(of: id)))
          : Self.blocks(examples: try await client.send(.examples(of: id)).results)
      } catch {
        if case .notFound = error.reason {
          blocks = [.init(.note, "This model has no examples.")]
        } else {
          blocks = [.init(.error, error.inWords)]
        }
      }
      guard !Task.isCancelled, self?.shown == id else { return }
      document.show(blocks)
    }
  }

  /// Forgets what was read about another model.
  func forgetDocuments() {
    for tab in [Tab.readme, .examples] { activity.cancel("\(tab)") }
    readme.show([])
    examples.show([])
  }

  func arrangeDocuments() {
    guard let breaker = session.host?.breaker else { return }
    for document in [readme, examples] {
      document.setViewport(
        width: max(1, extent.columns - 2), height: extent.rows, breaker: breaker)
    }
  }

  private static func blocks(readme: String?) -> [Document.Block] {
    let text = readme?.trimmingBlanks() ?? ""
    return text.isEmpty
      ? [.init(.note, "This model has no README.")] : [.init(.plain, String(text))]
  }

  private static func blocks(examples: [Prediction]) -> [Document.Block] {
    guard !examples.isEmpty else { return [.init(.note, "This model has no examples.")] }
    var blocks: [Document.Block] = []
    for (index, example) in examples.enumerated() {
      if index > 0 { blocks.append(.blank) }
      blocks.append(.init(.heading, "Example \(index + 1)"))
      for (name, value) in example.input {
        blocks.append(.fact(name, value.shortText, .string, column: 22))
      }
      for part in OutputPart.parts(of: example.output ?? .null, kind: nil, streams: false) {
        switch part {
        case .text(let text):
          blocks.append(.fact("output", DataURI.shortened(in: text), .plain, column: 22))
        case .json(let json): blocks.append(.fact("output", json, .code, column: 22))
        case .file(let address, _):
          blocks.append(
            .fact(
              "output", DataURI(address)?.summary ?? address, .link, column: 22,
              link: address.hasPrefix("data:") ? nil : address))
        }
      }
    }
    return blocks + [.blank, .init(.note, "F6 in the form fills an example in.")]
  }
}
