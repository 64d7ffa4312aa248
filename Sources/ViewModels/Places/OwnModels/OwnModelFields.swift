import ReplicateAPI

/// The fields of the forms for a new model and for changes to one.
enum OwnModelFields {
  static func ofNew(_ hardware: [Hardware], owner: String) -> [InputField] {
    [
      InputField(
        name: "name",
        description: "Letters, digits, dots, dashes, and underscores.",
        isRequired: true),
      InputField(
        name: "owner", description: "Your account’s name, or that of an organization of yours.",
        isRequired: true,
        defaultValue: .string(owner)),
      InputField(
        name: "visibility",
        description: "Whether anyone can see and run it. The API can’t change this later.",
        kind: .enumeration(["private", "public"]), isRequired: true, defaultValue: "private"),
      InputField(
        name: "hardware",
        description: "The machine that it runs on. The API can’t change this later.",
        kind: .enumeration(hardware.map { .string($0.sku) }), isRequired: true,
        choiceTitles: Dictionary(
          hardware.map { (.string($0.sku), $0.name) }, uniquingKeysWith: { first, _ in first })),
      description(nil),
    ]
      + links(
        [
          ("github_url", "Its source code", nil), ("paper_url", "Its paper", nil),
          ("license_url", "Its license", nil), ("cover_image_url", "Its picture", nil),
        ])
  }

  static func ofChange(_ model: Model) -> [InputField] {
    [description(model.description)]
      + links([
        ("github_url", "Its source code", model.githubURL),
        ("paper_url", "Its paper", model.paperURL),
        ("license_url", "Its license", model.licenseURL),
        ("weights_url", "Its weights", model.weightsURL),
      ])
  }

  private static func description(_ current: String?) -> InputField {
    InputField(
      name: "description", description: "What the model does, in a line or two.",
      defaultValue: current.map { .string($0) })
  }

  private static func links(_ links: [(String, String, String?)]) -> [InputField] {
    links.map { name, words, current in
      InputField(
        name: name, description: "\(words), as a web address.",
        defaultValue: current.map { .string($0) })
    }
  }

  /// What the service would refuse.
  @MainActor
  static func problems(_ values: JSONObject) -> [(field: String, problem: String)] {
    var problems: [(field: String, problem: String)] = []
    for name in ["name", "owner"] {
      guard let text = values[name]?.string else { continue }
      if text.contains(where: { !$0.isASCII || !($0.isLetter || $0.isNumber || "._-".contains($0)) }
      ) {
        problems.append((name, "can have letters, digits, dots, dashes, and underscores"))
      }
    }
    for (name, value) in values where name.hasSuffix("_url") {
      guard let text = value.string, !text.isEmpty else { continue }
      let isAddress = text.hasPrefix("https://") || text.hasPrefix("http://")
      if !isAddress || text.contains(where: \.isWhitespace) {
        problems.append((name, "must be a web address, https://…"))
      }
    }
    return problems
  }

  static func about(_ values: JSONObject) -> [DetailBlock] {
    let owner = values["owner"]?.string ?? ""
    let name = values["name"]?.string ?? ""
    return [
      .heading("\(owner.isEmpty ? "…" : owner)/\(name.isEmpty ? "…" : name)"), .blank,
      .text(
        "A new model has no version. A version is pushed with cog, or made by a training whose "
          + "destination the model is."), .blank,
      .text("Creating a model costs nothing. An account can have 1,000."),
    ]
  }

  static func about(_ values: JSONObject, changing id: ModelID) -> [DetailBlock] {
    var blocks: [DetailBlock] = [.heading(id.description), .blank]
    for (name, value) in values { blocks.append(.fact(name: name, value: value.shortText)) }
    if values.isEmpty { blocks.append(.text("Nothing is changed yet.")) }
    return blocks + [
      .blank,
      .text("The README is edited in your editor: close this form with Esc and press E."),
    ]
  }

  static func request(_ values: JSONObject) -> ModelRequest {
    func text(_ name: String) -> String? {
      values[name]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
    return ModelRequest(
      id: ModelID(owner: text("owner") ?? "", name: text("name") ?? ""),
      visibility: values["visibility"]?.string.flatMap(ModelRequest.Visibility.init) ?? .private,
      hardware: text("hardware") ?? "", description: text("description"),
      githubURL: text("github_url"), paperURL: text("paper_url"),
      licenseURL: text("license_url"), coverImageURL: text("cover_image_url"))
  }

  static func changes(_ values: JSONObject) -> ModelChanges {
    ModelChanges(
      description: values["description"]?.string, githubURL: values["github_url"]?.string,
      paperURL: values["paper_url"]?.string, weightsURL: values["weights_url"]?.string,
      licenseURL: values["license_url"]?.string)
  }
}
