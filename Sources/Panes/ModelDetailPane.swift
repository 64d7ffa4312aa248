import ReplicateAPI
import Running
import TerminalKit
import ViewModels

/// One model's page: overview, inputs and versions; or its form while one fills it in.
@MainActor
struct ModelDetailPane: Pane {
  let model: ModelDetailViewModel
  let form: InputForm?
  let now: Double
  let borders: BorderSet

  private var tabs: TabBar {
    TabBar(names: ["Overview", "Inputs", "Versions"], selected: model.tab.rawValue)
  }

  func title() -> PaneTitle {
    guard let id = model.shown else { return PaneTitle(text: "Model") }
    var title = PaneTitle(text: id.description)
    if let pinned = model.pinned { title.text += ":\(pinned.id.rawValue.prefix(8))" }
    title.isBusy = model.model.isLoading || model.versions.isLoading
    if let form {
      title.text = "Run \(title.text)"
      title.note = FormPane(borders: borders).title(form)
      title.noteStyle =
        form.invalidCount > 0 ? .invalid : form.missingCount > 0 ? .required : .count
    } else if let known = model.model.value?.summary ?? model.summary {
      let runs = "\(Formatting.count(known.runCount)) runs"
      title.note = known.isOfficial ? "official · \(runs)" : runs
    }
    return title
  }

  func draw(on canvas: inout Canvas, in area: Rect, isFocused: Bool) {
    if let form {
      FormPane(borders: borders).draw(form, on: &canvas, in: area, isFocused: isFocused)
      return
    }
    guard model.shown != nil else {
      MessageBlock.draw(
        "Open a model: its description, its inputs and its versions stand here.",
        on: &canvas, in: area)
      return
    }
    tabs.draw(on: &canvas, in: Rect(x: area.x, y: area.y, width: area.width, height: 1))
    let body = body(of: area)
    if model.model.value == nil, let failure = model.model.failure {
      MessageBlock.draw(failure, retry: "Ctrl-R tries again.", on: &canvas, in: body)
      return
    }
    switch model.tab {
    case .overview: draw(overview(body.width - 2, canvas.widths), on: &canvas, in: body)
    case .inputs: draw(inputs(body.width - 2, canvas.widths), on: &canvas, in: body)
    case .versions: drawVersions(on: &canvas, in: body, isFocused: isFocused)
    }
  }

  private func body(of area: Rect) -> Rect {
    Rect(x: area.x, y: area.y + 1, width: area.width, height: area.height - 1)
  }

  private func draw(_ text: StyledText, on canvas: inout Canvas, in body: Rect) {
    model.textRows = text.lines.count
    let area = Rect(x: body.x + 1, y: body.y, width: body.width - 2, height: body.height)
    text.draw(on: &canvas, in: area, from: min(model.scroll.top, max(0, text.lines.count - 1)))
  }

  // MARK: Overview

  private func overview(_ width: Int, _ widths: WidthTable) -> StyledText {
    var text = StyledText(width: width, widths: widths)
    let full = model.model.value
    let description = full?.description ?? model.summary?.description
    text.blank()
    text.wrap(description ?? "No description.", description == nil ? .dim : .normal)
    text.blank()
    guard let full else {
      text.wrap("Loading the model…", .dim)
      return text
    }
    text.pair("runs", NumberText.grouped(full.runCount))
    text.pair("visibility", full.isOfficial ? "\(full.visibility), official" : full.visibility)
    if let version = model.version {
      let age = version.createdAt?.secondsSince1970.map { ", \(Formatting.age(now - $0)) old" }
      let pinned = model.pinned == nil ? "latest" : "chosen"
      let identifier = version.id.rawValue
      text.pair(
        "version",
        "\(identifier.count > 16 ? String(identifier.prefix(12)) : identifier) (\(pinned)\(age ?? ""))"
      )
      if let cog = version.cogVersion, !cog.isEmpty { text.pair("cog", cog) }
    }
    if let schema = model.schema {
      let required = schema.inputs.filter(\.isRequired).map(\.name)
      let inputs = "\(schema.inputs.count)"
      text.pair(
        "inputs",
        required.isEmpty ? inputs : "\(inputs), required: \(required.joined(separator: ", "))")
      text.pair("output", schema.output.words)
    }
    let links = [
      ("page", full.url), ("source", full.githubURL ?? ""), ("paper", full.paperURL ?? ""),
      ("license", full.licenseURL ?? ""), ("weights", full.weightsURL ?? ""),
    ]
    for (name, address) in links where !address.isEmpty {
      text.pair(name, address, .link, link: address)
    }
    if let example = full.defaultExample {
      text.blank()
      text.add(StyledText.Span(text: "Example", style: .heading))
      for (name, value) in example.input.prefix(12) {
        text.pair("  \(name)", value.string ?? value.abridged, .string, column: 22)
      }
    }
    return text
  }

  // MARK: Inputs

  private func inputs(_ width: Int, _ widths: WidthTable) -> StyledText {
    var text = StyledText(width: width, widths: widths)
    guard let schema = model.schema else {
      text.blank()
      text.wrap(
        model.model.isLoading ? "Loading the inputs…" : "This model tells no inputs.", .dim)
      return text
    }
    if schema.inputs.isEmpty {
      text.blank()
      text.wrap("This model takes no inputs.", .dim)
    }
    let nameWidth = min(26, max(12, schema.inputs.map(\.name.count).max() ?? 12) + 2)
    let kindWidth = 10
    let boundsWidth = min(26, max(12, width / 4))
    let side = width >= 84
    for field in schema.inputs {
      let name = TextLayout.truncate(field.name, width: nameWidth - 2, widths: widths)
      let bounds = TextLayout.truncate(
        field.boundsWords, width: side ? boundsWidth : max(8, width - nameWidth - kindWidth),
        widths: widths)
      var spans = [
        StyledText.Span(
          text: name, style: field.isDeprecated ? .dim : Style.value.bold(field.isRequired)),
        StyledText.Span(text: field.isRequired ? "*" : " ", style: .required),
        pad(nameWidth - 1 - TextLayout.width(of: name, widths)),
        StyledText.Span(text: field.kind.word, style: .label),
        pad(kindWidth - field.kind.word.count),
        StyledText.Span(text: bounds, style: .number),
      ]
      let description = MarkdownText.plain(field.description)
      let column = nameWidth + kindWidth + boundsWidth + 1
      if side {
        let rows = TextLayout.wrap(description, width: width - column, widths: widths)
        spans.append(pad(boundsWidth + 1 - TextLayout.width(of: bounds, widths)))
        spans.append(StyledText.Span(text: rows.first.map(String.init) ?? "", style: .dim))
        text.add(spans)
        for row in rows.dropFirst() {
          text.add(pad(column), StyledText.Span(text: String(row), style: .dim))
        }
      } else {
        text.add(spans)
        if !description.isEmpty { text.wrap(description, .dim, indent: 2) }
      }
    }
    text.blank()
    text.pair("output", schema.output.words)
    return text
  }

  private func pad(_ count: Int) -> StyledText.Span {
    StyledText.Span(text: String(repeating: " ", count: max(0, count)), style: .normal)
  }

  // MARK: Versions

  private func drawVersions(on canvas: inout Canvas, in body: Rect, isFocused: Bool) {
    guard let all = model.versions.value else {
      if let failure = model.versions.failure {
        MessageBlock.draw(failure, retry: "Ctrl-R tries again.", on: &canvas, in: body)
      } else {
        MessageBlock.draw("Loading the versions…", on: &canvas, in: body)
      }
      return
    }
    if all.isEmpty {
      MessageBlock.draw(
        "This model has no versions of its own; it always runs as it is now.", on: &canvas,
        in: body)
    }
    ListWidget(cursor: model.versionsCursor, isFocused: isFocused).draw(on: &canvas, in: body) {
      canvas, index, rect, mark in
      guard all.indices.contains(index) else { return }
      let version = all[index]
      let used = version.id == model.version?.id
      canvas.write(used ? "●" : " ", x: rect.x + 1, y: rect.y, style: mark(.accent), in: rect)
      canvas.write(
        version.id.rawValue.prefix(rect.width > 90 ? 64 : 12), x: rect.x + 3, y: rect.y,
        style: mark(.value), in: rect)
      let cog = version.cogVersion.map { "cog \($0)  " } ?? ""
      let right = cog + Formatting.day(version.createdAt)
      canvas.write(
        right, x: rect.maxX - 1 - TextLayout.width(of: right, canvas.widths), y: rect.y,
        style: mark(.dim), in: rect)
    }
  }

  func command(at point: Point, in area: Rect, clicks: Int) -> Command? {
    if let form {
      return FormPane(borders: borders).command(at: point, in: area, form: form).map { .form($0) }
        ?? .focus(.detail)
    }
    if let tab = tabs.tab(at: point, in: Rect(x: area.x, y: area.y, width: area.width, height: 1)) {
      return .selectTab(.detail, tab)
    }
    if model.tab == .versions {
      let list = ListWidget(cursor: model.versionsCursor, isFocused: true)
      if let row = list.row(at: point, in: body(of: area)) {
        return clicks > 1 ? .open : .select(.detail, row: row)
      }
    }
    return .focus(.detail)
  }

  func scrollThumb(in area: Rect) -> Range<Int>? {
    if let form { return FormPane(borders: borders).scrollThumb(form, in: area) }
    guard model.shown != nil else { return nil }
    let height = area.height
    if model.tab == .versions {
      return ListWidget.thumb(
        top: model.versionsCursor.top, count: model.versionsCursor.count, height: height)
    }
    return ListWidget.thumb(top: model.scroll.top, count: model.textRows, height: height - 1)
  }
}

extension OutputKind {
  /// What a model gives back, in words.
  var words: String {
    switch self {
    case .text: "text"
    case .textStream: "text, as it is written"
    case .file: "a file"
    case .files: "files"
    case .fileStream: "files, one after the other"
    case .json: "structured data"
    case .none: "not described"
    }
  }
}

extension InputKind {
  /// The kind in one word, as the field calls it.
  var word: String {
    switch self {
    case .text: "string"
    case .secret: "secret"
    case .file: "file"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .enumeration: "enum"
    case .array: "array"
    case .json: "json"
    }
  }
}

extension InputField {
  /// The default and the bounds: `28 · 1…50`.
  var boundsWords: String {
    var words: [String] = []
    if let defaultValue, !defaultValue.isNull {
      let text = defaultValue.string.map { $0.isEmpty ? "“”" : $0 } ?? defaultValue.serialized()
      words.append(text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }
    switch kind {
    case .integer(let rules), .number(let rules):
      let low = rules.minimum.map(Self.number)
      let high = rules.maximum.map(Self.number)
      switch (low, high) {
      case (let low?, let high?): words.append("\(low)…\(high)")
      case (let low?, nil): words.append("≥ \(low)")
      case (nil, let high?): words.append("≤ \(high)")
      case (nil, nil): break
      }
    case .enumeration(let values):
      words.append(values.count == 1 ? "1 choice" : "\(values.count) choices")
    default: break
    }
    return words.joined(separator: " · ")
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
