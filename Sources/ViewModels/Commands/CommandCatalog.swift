/// One row of the table of commands.
public struct CommandRow: Hashable, Sendable {
  public var id: CommandID
  /// What the command does, in a few words without a capital letter.
  public var title: String
  public var command: Command
  /// Whether it asks for confirmation first.
  public var asks: Bool
  /// Whether the palette lists it. Cursor movements, for example, aren't listed.
  public var isListed: Bool

  public init(
    _ id: CommandID, _ title: String, _ command: Command, asks: Bool = false, isListed: Bool = true
  ) {
    self.id = id
    self.title = title
    self.command = command
    self.asks = asks
    self.isListed = isListed
  }
}

/// The catalog of all commands. The footer, the help, the palette, the documents, and the config
/// check read it.
public struct CommandCatalog: Sendable {
  public let rows: [CommandRow]
  private let index: [CommandID: Int]
  private let byCommand: [Command: CommandID]

  /// - Parameters:
  ///   - places: The places, each of which can add commands of its own.
  ///   - profiles: The names of the config's profiles.
  public init(_ places: [PlaceDescriptor], profiles: [String] = []) {
    var rows = Self.standard
    for place in places where place.isListed {
      rows.append(
        CommandRow(.focus(place.id), "go to \(place.title)", .focus(place.id)))
    }
    rows += places.flatMap(\.commands)
    rows += profiles.map { name in
      CommandRow(
        CommandID("profile.\(name)"), "switch to the profile \(name)", .useProfile(name))
    }
    self.rows = rows
    index = Dictionary(
      rows.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    byCommand = Dictionary(
      rows.map { ($0.command, $0.id) }, uniquingKeysWith: { first, _ in first })
  }

  public subscript(id: CommandID) -> CommandRow? { index[id].map { rows[$0] } }

  public func id(of command: Command) -> CommandID? { byCommand[command] }

  /// Commands that apply to every place.
  private static let standard: [CommandRow] =
    [
      CommandRow("open", "open", .open),
      CommandRow("run", "run", .run),
      CommandRow("rerun", "run again", .rerun),
      CommandRow("cancel", "cancel the run", .cancel, asks: true),
      CommandRow("filter", "filter the list", .filter),
      CommandRow("refresh", "refresh", .refresh),
      CommandRow("columns", "sort and choose columns", .chooseColumns),
      CommandRow("copy", "copy", .copy),
      CommandRow("copy-address", "copy the web address", .copyAddress),
      CommandRow("open-on-web", "open in the web browser", .openOnWeb),
      CommandRow("page", "open in your pager", .page),
      CommandRow("edit-text", "edit the text in your editor", .editText),
      CommandRow("next-tab", "next tab", .nextTab),
      CommandRow("previous-tab", "previous tab", .previousTab),
      CommandRow("zoom", "zoom the pane", .zoom),
      CommandRow("wider", "widen the pane", .resizePane(.wider)),
      CommandRow("narrower", "narrow the pane", .resizePane(.narrower)),
      CommandRow("taller", "make the pane taller", .resizePane(.taller)),
      CommandRow("shorter", "make the pane shorter", .resizePane(.shorter)),
      CommandRow("reset-panes", "reset the panes", .resetPanes),
      CommandRow("palette", "find a command", .palette),
      CommandRow("help", "show all keys", .help),
      CommandRow("enter-token", "enter an API token", .enterToken),
      CommandRow("toggle-mouse", "release or capture the mouse", .toggleMouse),
      CommandRow("repaint", "repaint the screen", .repaint),
      CommandRow("suspend", "suspend Replicant", .suspend),
      CommandRow("quit", "quit", .quit, asks: true),

      CommandRow("back", "back", .back, isListed: false),
      CommandRow("interrupt", "go back; press twice to quit", .interrupt, isListed: false),
      CommandRow("next-pane", "next pane", .focusNext, isListed: false),
      CommandRow("previous-pane", "previous pane", .focusPrevious, isListed: false),
      CommandRow("up", "up", .move(.up), isListed: false),
      CommandRow("down", "down", .move(.down), isListed: false),
      CommandRow("page-up", "page up", .move(.pageUp), isListed: false),
      CommandRow("page-down", "page down", .move(.pageDown), isListed: false),
      CommandRow("to-start", "to the start", .move(.start), isListed: false),
      CommandRow("to-end", "to the end", .move(.end), isListed: false),

      CommandRow("accept", "accept", .accept, isListed: false),
      CommandRow("save-token", "use the token and save it", .saveToken, isListed: false),
      CommandRow(
        "use-offered-token", "use the replicate command’s token", .useOfferedToken,
        isListed: false),
      CommandRow("next-choice", "next answer", .nextChoice, isListed: false),
      CommandRow("previous-choice", "previous answer", .previousChoice, isListed: false),
      CommandRow("toggle", "show or hide the column", .toggle, isListed: false),
    ] + form + request + editing("", { .edit($0) }) + editing("form.", { .form(.edit($0)) })

  private static let form: [CommandRow] = [
    CommandRow("form.next-field", "next field", .form(.next), isListed: false),
    CommandRow("form.previous-field", "previous field", .form(.previous), isListed: false),
    CommandRow("form.up", "up", .form(.edit(.up)), isListed: false),
    CommandRow("form.down", "down", .form(.edit(.down)), isListed: false),
    CommandRow(
      "form.activate", "choose, or go to the next field", .form(.activate), isListed: false),
    CommandRow("form.new-line", "new line", .form(.edit(.newline)), isListed: false),
    CommandRow("form.unset", "unset the field", .form(.unset)),
    CommandRow("form.reset", "unset all fields", .form(.resetAll)),
    CommandRow("form.undo", "undo unsetting, resetting, or filling", .form(.undo)),
    CommandRow("form.redo", "redo what was undone", .form(.redo), isListed: false),
    CommandRow("form.add-row", "add a row to the list", .form(.addRow)),
    CommandRow("form.remove-row", "remove the row from the list", .form(.removeRow)),
    CommandRow("form.find", "find a field", .form(.startFilter)),
    CommandRow("form.values", "examples, presets, and earlier inputs", .values(.choose)),
    CommandRow("form.options", "run options", .values(.options)),
    CommandRow("form.version", "move to another version", .values(.version)),
    CommandRow("compare-versions", "compare with the latest version", .values(.compare)),
    CommandRow("values.save", "save as preset", .values(.savePreset), isListed: false),
    CommandRow("values.rename", "rename the preset", .values(.renamePreset), isListed: false),
    CommandRow(
      "values.delete", "delete the preset", .values(.deletePreset), asks: true, isListed: false),
    CommandRow("form.more", "step up", .form(.stepUp), isListed: false),
    CommandRow("form.less", "step down", .form(.stepDown), isListed: false),
    CommandRow("form.minimum", "set to minimum", .form(.toMinimum), isListed: false),
    CommandRow("form.maximum", "set to maximum", .form(.toMaximum), isListed: false),
    CommandRow("form.random-seed", "random seed", .form(.randomSeed)),
    CommandRow("form.sweep", "run with several values of the field", .form(.sweep)),
    CommandRow("form.read-sweep", "read the values from a text file", .form(.readSweep)),
    CommandRow("form.page-up", "page up", .form(.pageUp), isListed: false),
    CommandRow("form.page-down", "page down", .form(.pageDown), isListed: false),
    CommandRow("form.first-field", "first field", .form(.first), isListed: false),
    CommandRow("form.last-field", "last field", .form(.last), isListed: false),
    CommandRow("form.toggle", "switch", .form(.toggle), isListed: false),
    CommandRow("form.request", "show the request as JSON and as code", .request(.show)),
    CommandRow("form.complete", "complete the path", .form(.complete), isListed: false),
    CommandRow("form.choose-file", "choose a file", .form(.chooseFile)),
    CommandRow("form.paste-picture", "take the clipboard’s picture", .form(.pastePicture)),
    CommandRow("files.parent", "go to the parent folder", .files(.parent), isListed: false),
    CommandRow("files.enter", "go into the folder", .files(.enter), isListed: false),
    CommandRow("files.home", "go to the home folder", .files(.home), isListed: false),
    CommandRow("files.sort", "sort by name or date", .files(.sort), isListed: false),
    CommandRow("files.mark", "mark the file, to take several", .files(.mark), isListed: false),
    CommandRow("files.take-folder", "take the folder", .files(.takeFolder), isListed: false),
    CommandRow("form.next-choice", "next choice", .form(.cycleForward), isListed: false),
    CommandRow("form.previous-choice", "previous choice", .form(.cycleBackward), isListed: false),
  ]

  private static let request: [CommandRow] =
    RequestViewModel.Tab.allCases.map { tab in
      CommandRow(
        CommandID("request.\(tab)"), "show it as \(tab.title)", .request(.tab(tab)),
        isListed: false)
    } + [
      CommandRow("request.edit", "edit the JSON", .request(.edit), isListed: false),
      CommandRow("request.new-line", "new line", .edit(.newline), isListed: false),
      CommandRow("request.up", "up", .edit(.up), isListed: false),
      CommandRow("request.down", "down", .edit(.down), isListed: false),
      CommandRow(
        "request.take", "take the JSON into the form", .request(.take), isListed: false),
    ]

  /// Editing commands, the same in every text field.
  private static func editing(
    _ prefix: String, _ command: (TextEdit) -> Command
  ) -> [CommandRow] {
    let rows: [(String, String, TextEdit)] = [
      ("delete-left", "delete the previous character", .deleteBackward),
      ("delete-right", "delete the next character", .deleteForward),
      ("delete-word", "delete the previous word", .deleteWordBackward),
      ("delete-to-start", "delete to the start of the line", .deleteToStart),
      ("delete-to-end", "delete to the end of the line", .deleteToEnd),
      ("left", "left", .left),
      ("right", "right", .right),
      ("word-left", "previous word", .wordLeft),
      ("word-right", "next word", .wordRight),
      ("line-start", "start of line", .home),
      ("line-end", "end of line", .end),
    ]
    return rows.map { name, title, edit in
      CommandRow(CommandID("\(prefix)edit.\(name)"), title, command(edit), isListed: false)
    }
  }
}

extension CommandID {
  /// The command that goes to a place.
  public static func focus(_ place: PlaceID) -> CommandID { CommandID("go.\(place)") }
}
