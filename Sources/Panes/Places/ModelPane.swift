import ReplicateAPI
import Running
import TerminalKit
import ViewModels

/// One model's page with its overview, inputs, and versions; or its form, while that is open.
@MainActor
final class ModelPane: Pane {
  private let model: ModelViewModel
  private let formPane = FormPane()
  private var versions: (list: PagedList<ModelVersion>, pane: ListPane<ModelVersion>)?

  init(_ model: ModelViewModel) {
    self.model = model
  }

  var moves: Int { model.list?.moves ?? 0 }

  func nextChange(_ now: Double) -> Double? {
    guard model.form == nil, model.tab == .overview, model.model.value != nil else { return nil }
    return (model.version?.createdAt?.secondsSince1970).flatMap {
      Formatting.untilNextAge(now - $0)
    }
  }

  private var tabs: TabBar {
    TabBar(
      names: ["Overview", "Inputs", "Readme", "Examples", "Versions"], selected: model.tab.rawValue)
  }

  func title(_ context: PaneContext) -> PaneTitle {
    guard let id = model.shown else { return PaneTitle(text: "Model") }
    var title = PaneTitle(text: id.description)
    if let pinned = model.pinned { title.text += ":\(pinned.id.rawValue.prefix(8))" }
    title.isBusy = model.model.isLoading || model.list?.isLoading == true
    if let form = model.optionsForm?.form ?? model.form {
      title.text = "\(model.optionsForm == nil ? "Run" : "Run options of") \(title.text)"
      (title.note, title.leastNote, title.noteStyle) = FormPane.title(form, context.borders)
    } else if let known = model.model.value {
      let runs = "\(Formatting.count(known.runCount)) runs"
      title.note = known.isOfficial ? "official · \(runs)" : runs
      if model.list?.isTyping == true || model.list?.isFiltered == true, let list = model.list {
        title.typed = .init(buffer: list.filter, isTyping: list.isTyping)
      }
    }
    return title
  }

  func extent(in area: Rect) -> Extent {
    let body = body(of: area)
    guard model.form == nil, model.tab == .versions, let pane = versionsPane() else {
      return Extent(rows: body.height, columns: body.width)
    }
    return pane.extent(in: body)
  }

  func draw(on canvas: inout Canvas, in area: Rect, _ context: PaneContext) -> Drawn {
    if let form = model.optionsForm?.form ?? model.form {
      return formPane.draw(form, on: &canvas, in: area, context)
    }
    guard model.shown != nil else {
      MessageBlock.draw(
        "Open a model to see its description, inputs, and versions.", on: &canvas, in: area)
      return Drawn()
    }
    let row = Rect(x: area.x, y: area.y, width: area.width, height: 1)
    tabs.draw(on: &canvas, in: row)
    let body = body(of: area)
    var drawn: Drawn
    if model.model.value == nil, let failure = model.model.failure {
      MessageBlock.draw(failure, on: &canvas, in: body)
      drawn = Drawn()
    } else {
      drawn = draw(model.tab, on: &canvas, in: body, context)
    }
    drawn.regions += tabs.regions(in: row, of: ModelViewModel.id)
    if let thumb = drawn.thumb { drawn.thumb = thumb.lowerBound + 1..<thumb.upperBound + 1 }
    return drawn
  }

  private func draw(
    _ tab: ModelViewModel.Tab, on canvas: inout Canvas, in body: Rect, _ context: PaneContext
  ) -> Drawn {
    switch tab {
    case .overview:
      return TextPane.draw(
        overview(body.width - 2, canvas.widths, now: context.now), model.scroll, on: &canvas,
        in: body)
    case .inputs:
      return TextPane.draw(
        inputs(body.width - 2, canvas.widths), model.scroll, on: &canvas, in: body)
    case .readme, .examples:
      guard let document = model.document else { return Drawn() }
      let widget = DocumentWidget(document: document, borders: context.borders)
      widget.draw(on: &canvas, in: body.inset(horizontally: 1, vertically: 0))
      return Drawn(thumb: widget.scrollThumb(height: body.height))
    case .versions:
      return versionsPane()?.draw(on: &canvas, in: body, context) ?? Drawn()
    }
  }

  private func body(of area: Rect) -> Rect {
    Rect(x: area.x, y: area.y + 1, width: area.width, height: area.height - 1)
  }

  // MARK: Overview

  private func overview(_ width: Int, _ widths: WidthTable, now: Double) -> StyledText {
    var text = StyledText(width: width, widths: widths)
    let full = model.model.value
    let description = full?.description
    text.blank()
    text.wrap(
      description ?? "No description.", description == nil ? .dim : .normal,
      isForeign: description != nil)
    text.blank()
    guard let full else {
      text.wrap("Loading the model…", .dim)
      return text
    }
    text.pair("runs", NumberText.grouped(max(0, full.runCount)))
    text.pair("visibility", full.isOfficial ? "\(full.visibility), official" : full.visibility)
    if let version = model.version {
      let age = version.createdAt?.secondsSince1970.map { ", \(Formatting.age(now - $0)) ago" }
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
        text.pair("  \(name)", value.excerpt(1000), .string, column: 22, isForeign: true)
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
        model.model.isLoading ? "Loading the inputs…" : "This model doesn’t describe its inputs.",
        .dim)
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
      let (bounds, left) = field.bounds(
        in: side ? boundsWidth : max(8, width - nameWidth - kindWidth), widths)
      var spans = [
        StyledText.Span(
          text: name, style: field.isDeprecated ? .dim : Style.value.bold(field.isRequired)),
        StyledText.Span(text: field.isRequired ? "*" : " ", style: .required),
        pad(nameWidth - 1 - TextLayout.width(of: name, widths)),
        StyledText.Span(text: field.kind.word, style: .label),
        pad(kindWidth - field.kind.word.count),
        StyledText.Span(text: bounds, style: .number),
      ]
      let plain = MarkdownText.plain(field.description)
      let description = [left, plain].filter { !$0.isEmpty }.joined(separator: "\n")
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

  /// The pane for the current list of versions. Each model has its own list.
  private func versionsPane() -> ListPane<ModelVersion>? {
    guard let list = model.versions else { return nil }
    if let versions, versions.list === list { return versions.pane }
    let pane = ListPane(
      model, list, noun: "the versions",
      empty: { "This model isn’t versioned. Runs always use the current model." },
      columns: [
        TableColumn("version", least: 14, weight: 1, most: 66, importance: 9) {
          [weak model] version, context in
          let isUsed = version.id == model?.version?.id
          let mark = isUsed ? (context.isASCII ? "* " : "● ") : "  "
          return TableCell(mark + version.id.rawValue, isUsed ? .accent : .value)
        },
        TableColumn("cog", least: 8, importance: 1) { version, _ in
          TableCell(version.cogVersion ?? "", .dim)
        },
        TableColumn("created", least: 10, isRightAligned: true, importance: 2) { version, _ in
          TableCell(Formatting.day(version.createdAt), .dim)
        },
      ])
    versions = (list, pane)
    return pane
  }
}

extension InputKind {
  /// The kind as a single word.
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
    case .object: "object"
    case .union: "union"
    case .json: "json"
    }
  }
}

extension InputField {
  /// The default and the range in one row: `28 · 1…50`. A range that is cut short would be another
  /// range: the default is cut instead, and a range that doesn't fit at all is left for a row of its
  /// own.
  func bounds(in width: Int, _ widths: WidthTable) -> (row: String, left: String) {
    let value = defaultText
    let range = rangeText
    if range.isEmpty || value.isEmpty {
      let whole = value + range
      if range.isEmpty || TextLayout.width(of: whole, widths) <= width {
        return (TextLayout.truncate(whole, width: width, widths: widths), "")
      }
      return ("", range)
    }
    let used = TextLayout.width(of: range, widths)
    let room = width - used - 3
    if TextLayout.width(of: value, widths) <= room || room >= 6 {
      return ("\(TextLayout.truncate(value, width: room, widths: widths)) · \(range)", "")
    }
    let shown = TextLayout.truncate(value, width: width, widths: widths)
    return (shown, range)
  }

  private var defaultText: String {
    guard let defaultValue, !defaultValue.isNull else { return "" }
    // No more of it than one row could show.
    let text = defaultValue.string == "" ? "“”" : defaultValue.excerpt(400)
    return text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  private var rangeText: String {
    switch kind {
    case .integer(let rules), .number(let rules): NumberText.range(rules) ?? ""
    case .enumeration(let values): values.count == 1 ? "1 choice" : "\(values.count) choices"
    default: ""
    }
  }
}
