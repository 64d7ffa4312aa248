import ReplicateAPI
import Running
import TerminalKit
import ViewModels

// Draws the file chooser.
extension OverlayView {
  func drawFiles(_ chooser: FileChooserViewModel, on canvas: inout Canvas) -> Drawn {
    var drawn = Drawn()
    let rows = Self.listRows(canvas.size)
    let area = window(96, rows + 6, "File for \(chooser.title)", on: &canvas)
    var y = area.y
    // On a small screen the tabs and the preview have to go.
    if area.height >= 5 {
      drawSources(chooser, on: &canvas, in: line(area, y), &drawn)
      y += 1
    }
    drawFilter(chooser, on: &canvas, in: line(area, y), &drawn)
    y += 1
    let hasPreview = area.height >= 6
    let bottom = hasPreview ? area.maxY - 1 : area.maxY
    let list = Rect(
      x: area.x - 1, y: y, width: area.width + 2, height: max(1, min(rows, bottom - y)))
    drawRows(chooser.cursor, on: &canvas, in: list, &drawn) { canvas, index, rect, mark in
      guard let row = chooser.row(index) else { return }
      draw(row, on: &canvas, in: rect, mark)
      if case .entry(let entry, _) = row, chooser.isMarked(entry) {
        canvas.write(
          canvas.isASCII ? "*" : "●", x: rect.x, y: rect.y, style: mark(.accent), in: rect)
      }
    }
    if chooser.count == 0, !chooser.isLoading, chooser.problem == nil {
      MessageBlock.draw(emptyWords(chooser), on: &canvas, in: list)
    }
    if hasPreview { drawPreview(chooser, on: &canvas, in: line(area, area.maxY - 1)) }
    return drawn
  }

  private func line(_ area: Rect, _ y: Int) -> Rect {
    Rect(x: area.x, y: y, width: area.width, height: 1)
  }

  private func emptyWords(_ chooser: FileChooserViewModel) -> String {
    if !chooser.filter.isEmpty { return "No matches." }
    return switch chooser.source {
    case .machine: "This folder is empty."
    case .outputs: "No recent prediction has files."
    case .uploads: "No files have been uploaded."
    case .clipboard: ""
    }
  }

  private func drawSources(
    _ chooser: FileChooserViewModel, on canvas: inout Canvas, in rect: Rect, _ drawn: inout Drawn
  ) {
    var x = rect.x
    for source in FileSource.allCases {
      let isShown = source == chooser.source
      let title = " \(source.title) "
      guard x + title.count <= rect.maxX else { break }
      let used = canvas.write(
        title, x: x, y: rect.y, style: isShown ? .buttonFocused : .button, in: rect)
      drawn.regions.append(
        ClickRegion(
          Rect(x: x, y: rect.y, width: used, height: 1),
          .selectTab(navigator.focus, source.rawValue)))
      x += used + 1
    }
    if chooser.isLoading {
      canvas.write(canvas.isASCII ? "..." : "…", x: x, y: rect.y, style: .waiting, in: rect)
    }
  }

  /// The folder, and what is typed to filter it.
  private func drawFilter(
    _ chooser: FileChooserViewModel, on canvas: inout Canvas, in rect: Rect, _ drawn: inout Drawn
  ) {
    var x = rect.x
    if chooser.source == .machine {
      let folder = chooser.folderText
      let shown = TextLayout.truncate(
        TextLayout.sanitizedLine(folder.hasSuffix("/") ? folder : folder + "/", atMost: 1000),
        width: max(6, rect.width / 2), ellipsis: canvas.isASCII ? "~" : "…", position: .middle,
        widths: canvas.widths)
      x += canvas.write(shown, x: x, y: rect.y, style: .accent, in: rect, isForeign: true)
    } else {
      x += canvas.write("/", x: x, y: rect.y, style: .accent, in: rect)
    }
    let count =
      chooser.filter.isEmpty
      ? (chooser.order == .date && chooser.source == .machine ? "by date" : "")
      : "\(chooser.count) of \(chooser.total)"
    let field = Rect(
      x: x, y: rect.y, width: max(1, rect.maxX - x - count.count - 1), height: 1)
    let typed = TypedLine(buffer: chooser.filter, width: field.width, widths: canvas.widths)
    canvas.write(typed.text, x: field.x, y: field.y, style: .overlay, in: field, isForeign: true)
    if chooser.filter.isEmpty {
      canvas.write(
        TextLayout.truncate(
          " type to filter", width: field.width, widths: canvas.widths),
        x: field.x, y: field.y, style: .dim, in: field)
    }
    canvas.write(count, x: rect.maxX - count.count, y: rect.y, style: .dim, in: rect)
    drawn.cursor = Point(x: field.x + typed.cursorColumn, y: field.y)
  }

  // MARK: Rows

  private func draw(
    _ row: FileChooserViewModel.Row, on canvas: inout Canvas, in rect: Rect,
    _ mark: (Style) -> Style
  ) {
    switch row {
    case .text(let text, let isPasted):
      write(
        "\(isPasted ? "Use" : "Keep") \(DataURI.shortened(in: text))", "", .link, on: &canvas,
        in: rect, mark)
    case .entry(let entry, let isExcluded):
      let date = entry.modified > 0 ? Formatting.age(navigator.now - entry.modified) : ""
      switch entry.kind {
      case .folder: write(entry.name + "/", column("", date), .accent, on: &canvas, in: rect, mark)
      case .file:
        write(
          entry.name, column(Formatting.bytes(entry.size), date), isExcluded ? .dim : .overlay,
          on: &canvas, in: rect, mark)
      case .other: write(entry.name, column("", date), .dim, on: &canvas, in: rect, mark)
      }
    case .output(let file, let isExcluded):
      let age = file.createdAt.map { Formatting.age(navigator.now - $0) } ?? ""
      write(
        file.name, column(file.model, age), isExcluded ? .dim : .overlay, on: &canvas, in: rect,
        mark)
    case .upload(let file, let isExcluded):
      let left = file.expiresAt?.secondsSince1970.map {
        "\(Formatting.age($0 - navigator.now)) left"
      }
      write(
        file.name ?? file.id.rawValue,
        "\(file.contentType)  \(column(Formatting.bytes(file.size), left ?? "", 9))",
        isExcluded ? .dim : .overlay, on: &canvas, in: rect, mark)
    case .more: write("Load more predictions", "", .link, on: &canvas, in: rect, mark)
    case .clipboard:
      write("Take the picture in the clipboard", "Alt-V", .link, on: &canvas, in: rect, mark)
    }
  }

  /// Two columns that end at the right edge: a size and an age.
  private func column(_ first: String, _ second: String, _ width: Int = 6) -> String {
    first + String(repeating: " ", count: max(0, width + 2 - second.count)) + second
  }

  private func write(
    _ name: String, _ note: String, _ style: Style, on canvas: inout Canvas, in rect: Rect,
    _ mark: (Style) -> Style
  ) {
    let noteWidth = TextLayout.width(of: note, canvas.widths)
    let hasNote = noteWidth > 0 && rect.width >= noteWidth + 14
    let room = max(1, rect.width - 2 - (hasNote ? noteWidth + 2 : 0))
    // A name can hold anything, even line breaks.
    let shown = TextLayout.truncate(
      TextLayout.sanitizedLine(name, atMost: 600), width: room,
      ellipsis: canvas.isASCII ? "~" : "…", position: .middle, widths: canvas.widths)
    canvas.write(
      shown.isEmpty ? "(no printable name)" : shown, x: rect.x + 1, y: rect.y, style: mark(style),
      in: rect, isForeign: true)
    if hasNote {
      canvas.write(
        TextLayout.sanitizedLine(note, atMost: 200), x: rect.maxX - 1 - noteWidth, y: rect.y,
        style: mark(.dim), in: rect, isForeign: true)
    }
  }

  private func drawPreview(
    _ chooser: FileChooserViewModel, on canvas: inout Canvas, in rect: Rect
  ) {
    var words = ""
    var style = Style.dim
    if let problem = chooser.problem {
      words = problem
      style = .invalid
    } else if !chooser.marked.isEmpty {
      words =
        "\(NumberText.grouped(chooser.marked.count)) marked · Enter takes them · Alt-M unmarks"
    } else if let facts = chooser.preview {
      words = FileWords.facts(facts)
      if chooser.takesSeveral { words += " · Alt-M marks it, to take several" }
    } else if chooser.takesFolders, chooser.source == .machine {
      words = "Enter goes in · Alt-Enter takes the folder · Left goes up · Ctrl-T sorts by date"
    } else if chooser.source == .machine, chooser.selected == nil || rect.width >= 60 {
      words = "Enter takes · Left goes up · Ctrl-T sorts by date · Tab for other sources"
    }
    canvas.write(
      TextLayout.truncate(
        TextLayout.sanitizedLine(words, atMost: 400), width: rect.width,
        ellipsis: canvas.isASCII ? "~" : "…", widths: canvas.widths),
      x: rect.x, y: rect.y, style: style, in: rect, isForeign: true)
  }
}
