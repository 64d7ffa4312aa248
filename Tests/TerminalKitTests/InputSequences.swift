@testable import TerminalKit

/// An input sequence of some kind of terminal, and the events it stands for. The input parser is
/// tested against this table.
struct InputSequence {
  var bytes: [UInt8]
  var events: [TerminalEvent]

  init(_ text: String, _ events: [TerminalEvent]) {
    bytes = Array(text.utf8)
    self.events = events
  }

  init(_ text: String, _ key: Key) { self.init(text, [.key(key)]) }
  init(_ text: String, _ reply: TerminalReply) { self.init(text, [.reply(reply)]) }
  init(_ text: String, _ mouse: Mouse) { self.init(text, [.mouse(mouse)]) }
}

extension InputSequence {
  /// The table's parts, by terminal or protocol.
  static let families: [(name: String, sequences: [InputSequence])] = [
    ("xterm", xterm), ("rxvt", rxvt), ("the Linux console", linux), ("tmux and screen", tmux),
    ("kitty", kitty), ("modifyOtherKeys", otherKeys), ("modifiers", modified), ("mouse", mouse),
    ("pastes and focus", pastes), ("replies", replies),
  ]

  /// Control Sequence Introducer.
  private static let csi = "\u{1B}["
  /// Single Shift 3, which introduces keys in application mode.
  private static let ss3 = "\u{1B}O"

  // MARK: Keys

  private static let arrows: [(final: String, key: Key.Code)] = [
    ("A", .up), ("B", .down), ("C", .right), ("D", .left), ("H", .home), ("F", .end),
  ]

  private static let numbered: [(number: Int, key: Key.Code)] = [
    (2, .insert), (3, .delete), (5, .pageUp), (6, .pageDown),
  ]

  /// F1 to F20 as numbered by the VT220.
  private static let functionNumbers = [
    11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34,
  ]

  private static let xterm: [InputSequence] = {
    var all: [InputSequence] = []
    all += arrows.flatMap { final, key in
      [InputSequence(csi + final, Key(key)), InputSequence(ss3 + final, Key(key))]
    }
    all += numbered.map { InputSequence("\(csi)\($0.number)~", Key($0.key)) }
    all += (1...4).flatMap { number in
      let final = ["P", "Q", "R", "S"][number - 1]
      return [
        InputSequence(ss3 + final, .function(number)),
        // In xterm's own terminfo, F13 to F16 are Shift with F1 to F4.
        InputSequence("\(csi)1;2\(final)", Key(.function(number), .shift)),
      ]
    }
    all += (5...12).flatMap { number in
      let code = functionNumbers[number - 1]
      return [
        InputSequence("\(csi)\(code)~", .function(number)),
        // F17 to F24.
        InputSequence("\(csi)\(code);2~", Key(.function(number), .shift)),
      ]
    }
    // The number pad in application mode.
    all += (0...9).map { number in
      let final = String(Unicode.Scalar(UInt8(0x70 + number)))
      return InputSequence(ss3 + final, .character(Character("\(number)")))
    }
    all += [
      ("M", Key.enter), ("I", .tab), ("X", .character("=")), ("j", .character("*")),
      ("k", .character("+")), ("l", .character(",")), ("m", .character("-")),
      ("n", .character(".")), ("o", .character("/")),
    ].map { InputSequence(ss3 + $0.0, $0.1) }
    all += [
      InputSequence("\(csi)Z", .shiftTab), InputSequence("\u{7F}", .backspace),
      InputSequence("\u{8}", .backspace), InputSequence("\u{1B}\u{7F}", Key(.backspace, .alt)),
      // The center key of the number pad has no meaning.
      InputSequence("\(csi)E", []),
    ]
    return all
  }()

  private static let rxvt: [InputSequence] = {
    var all: [InputSequence] = []
    all += zip(["a", "b", "c", "d"], arrows.map(\.key)).flatMap { final, key in
      [
        InputSequence(csi + final, Key(key, .shift)),
        InputSequence(ss3 + final, Key(key, .control)),
      ]
    }
    all += arrows.prefix(4).flatMap { final, key in
      [
        InputSequence("\u{1B}\(csi)\(final)", Key(key, .alt)),
        InputSequence("\u{1B}\(ss3)\(final)", Key(key, .alt)),
      ]
    }
    all += (numbered + [(7, .home), (8, .end)]).flatMap { number, key in
      [
        InputSequence("\(csi)\(number)~", Key(key)),
        InputSequence("\(csi)\(number)$", Key(key, .shift)),
        InputSequence("\(csi)\(number)^", Key(key, .control)),
        InputSequence("\(csi)\(number)@", Key(key, [.control, .shift])),
        InputSequence("\u{1B}\(csi)\(number)~", Key(key, .alt)),
        InputSequence("\u{1B}\(csi)\(number)^", Key(key, [.alt, .control])),
      ]
    }
    all += functionNumbers.enumerated().flatMap { index, code in
      let key = Key.Code.function(index + 1)
      return [
        InputSequence("\(csi)\(code)~", Key(key)),
        InputSequence("\(csi)\(code)^", Key(key, .control)),
      ]
    }
    // F21 and F22 are Shift with F11 and F12.
    all += [
      InputSequence("\(csi)23$", Key(.function(11), .shift)),
      InputSequence("\(csi)24$", Key(.function(12), .shift)),
      InputSequence("\(csi)24@", Key(.function(12), [.control, .shift])),
    ]
    return all
  }()

  private static let linux: [InputSequence] = {
    var all: [InputSequence] = []
    all += zip(["A", "B", "C", "D", "E"], 1...5).map {
      InputSequence("\(csi)[\($0)", .function($1))
    }
    all += (6...20).map { InputSequence("\(csi)\(functionNumbers[$0 - 1])~", .function($0)) }
    all += [
      InputSequence("\(csi)1~", .home), InputSequence("\(csi)4~", .end),
      InputSequence("\(csi)G", []), InputSequence("\u{7F}", .backspace),
      InputSequence("\u{1B}\t", Key(.tab, .alt)),
    ]
    return all
  }()

  private static let tmux: [InputSequence] = {
    var all: [InputSequence] = []
    all += [
      InputSequence("\(csi)1~", .home), InputSequence("\(csi)4~", .end),
      InputSequence("\(csi)Z", .shiftTab), InputSequence("\u{1B}\r", Key(.enter, .alt)),
    ]
    all += arrows.prefix(4).map { InputSequence(ss3 + $0.final, Key($0.key)) }
    // F13 to F24 in screen, and in tmux when it imitates screen.
    all += (1...4).map { number in
      InputSequence("\(csi)1;2\(["P", "Q", "R", "S"][number - 1])", Key(.function(number), .shift))
    }
    all += (5...12).map { number in
      InputSequence("\(csi)\(functionNumbers[number - 1]);2~", Key(.function(number), .shift))
    }
    return all
  }()

  // MARK: Modifiers

  /// The modifiers in a parameter. Nil for keys held with Super (8) or Hyper (16), which belong to
  /// the desktop.
  private static func modifiers(_ parameter: Int) -> Key.Modifiers? {
    let bits = parameter - 1
    guard bits & 8 == 0 else { return nil }
    var modifiers: Key.Modifiers = []
    if bits & 1 != 0 { modifiers.insert(.shift) }
    if bits & 2 != 0 { modifiers.insert(.alt) }
    if bits & 4 != 0 { modifiers.insert(.control) }
    return modifiers
  }

  private static func modified(_ text: String, _ key: Key.Code, _ parameter: Int) -> InputSequence {
    InputSequence(text, modifiers(parameter).map { [.key(Key(key, $0))] } ?? [])
  }

  private static let modified: [InputSequence] = (2...16).flatMap { parameter in
    var all: [InputSequence] = []
    for (final, key) in arrows {
      all.append(modified("\(csi)1;\(parameter)\(final)", key, parameter))
      all.append(modified("\(csi)1;\(parameter):2\(final)", key, parameter))
    }
    for (number, key) in numbered {
      all.append(modified("\(csi)\(number);\(parameter)~", key, parameter))
    }
    for (index, final) in ["P", "Q", "R", "S"].enumerated() {
      all.append(modified("\(csi)1;\(parameter)\(final)", .function(index + 1), parameter))
    }
    for (index, code) in functionNumbers.enumerated() {
      all.append(modified("\(csi)\(code);\(parameter)~", .function(index + 1), parameter))
    }
    let coded: [(Int, Key.Code)] = [
      (13, .enter), (9, .tab), (27, .escape), (127, .backspace), (57376, .function(13)),
    ]
    for (code, key) in coded {
      all.append(modified("\(csi)\(code);\(parameter)u", key, parameter))
    }
    all.append(modified("\(csi)27;\(parameter);13~", .enter, parameter))
    return all
  }

  // MARK: The kitty keyboard protocol

  private static let kittyPad: [(number: Int, key: Key)] = {
    var all: [(number: Int, key: Key)] = []
    all += (0...9).map { (57399 + $0, .character(Character("\($0)"))) }
    all += [
      (57409, .character(".")), (57410, .character("/")), (57411, .character("*")),
      (57412, .character("-")), (57413, .character("+")), (57414, .enter),
      (57415, .character("=")), (57416, .character(",")), (57417, .left), (57418, .right),
      (57419, .up), (57420, .down), (57421, .pageUp), (57422, .pageDown), (57423, .home),
      (57424, .end), (57425, .insert), (57426, .delete),
    ]
    return all
  }()

  private static let kitty: [InputSequence] = {
    var all: [InputSequence] = []
    all += (13...35).map { InputSequence("\(csi)\(57376 + $0 - 13)u", .function($0)) }
    all += kittyPad.flatMap { number, key in
      [
        InputSequence("\(csi)\(number)u", key), InputSequence("\(csi)\(number);1:2u", key),
        InputSequence("\(csi)\(number);1:3u", []),
        InputSequence("\(csi)\(number);5u", key.with(.control)),
      ]
    }
    // F1 to F4 without a number, and F3 with one, because `CSI R` is the cursor position report.
    all += [
      InputSequence("\(csi)P", .function(1)), InputSequence("\(csi)Q", .function(2)),
      InputSequence("\(csi)S", .function(4)), InputSequence("\(csi)13~", .function(3)),
      InputSequence("\(csi)13;5~", Key(.function(3), .control)),
    ]
    // Pressed, repeated, and released.
    all += [
      InputSequence("\(csi)97u", .character("a")), InputSequence("\(csi)97;1:1u", .character("a")),
      InputSequence("\(csi)97;1:2u", .character("a")), InputSequence("\(csi)97;1:3u", []),
      InputSequence("\(csi)97;5:2u", .control("a")), InputSequence("\(csi)27;1:3u", []),
      InputSequence("\(csi)1;1:1A", .up), InputSequence("\(csi)1;1:2A", .up),
      InputSequence("\(csi)1;1:3A", []), InputSequence("\(csi)1;5:3H", []),
      InputSequence("\(csi)1;1:3P", []), InputSequence("\(csi)5;1:2~", .pageUp),
      InputSequence("\(csi)5;1:3~", []), InputSequence("\(csi)15;2:3~", []),
    ]
    // Alternate keys: the shifted key, and the key of the base layout.
    all += [
      InputSequence("\(csi)97:65;2u", .character("A")),
      InputSequence("\(csi)97:65:97;2u", .character("A")),
      InputSequence("\(csi)97:65;4u", .alt("A")),
      InputSequence("\(csi)97:65;6u", Key(.character("a"), [.control, .shift])),
      InputSequence("\(csi)49:33;2:1u", .character("!")),
      InputSequence("\(csi)1092::97u", .character("ф")),
      InputSequence("\(csi)1092::97;5u", .control("ф")),
      InputSequence("\(csi)228:196;2u", .character("Ä")),
      // The key's text, as a third parameter.
      InputSequence("\(csi)97;2;65u", .character("A")),
      InputSequence("\(csi)97;;97u", .character("a")),
      InputSequence("\(csi)128512u", .character("😀")),
    ]
    // Caps Lock and Num Lock don't change any key.
    all += [
      InputSequence("\(csi)97;65u", .character("a")),
      InputSequence("\(csi)97;129u", .character("a")),
      InputSequence("\(csi)97;133u", .control("a")), InputSequence("\(csi)1;129A", .up),
      InputSequence("\(csi)3;197~", Key(.delete, .control)),
    ]
    // Meta is Alt. Super and Hyper belong to the desktop.
    all += [
      InputSequence("\(csi)97;33u", .alt("a")), InputSequence("\(csi)97;9u", []),
      InputSequence("\(csi)97;17u", []), InputSequence("\(csi)57419;9u", []),
    ]
    // Lock keys, Print, Pause, Menu, the center of the number pad, media keys, and modifiers on
    // their own.
    all += ([57358, 57359, 57360, 57361, 57362, 57363, 57427, 57428, 57440, 57441, 57454]).map {
      InputSequence("\(csi)\($0)u", [])
    }
    return all
  }()

  private static let otherKeys: [InputSequence] = [
    InputSequence("\(csi)27;5;114~", .control("r")),
    InputSequence("\(csi)27;6;114~", Key(.character("r"), [.control, .shift])),
    InputSequence("\(csi)27;3;120~", .alt("x")),
    InputSequence("\(csi)27;2;65~", .character("A")),
    InputSequence("\(csi)27;2;9~", .shiftTab), InputSequence("\(csi)27;5;9~", Key(.tab, .control)),
    InputSequence("\(csi)27;5;13~", Key(.enter, .control)),
    InputSequence("\(csi)27;3;127~", Key(.backspace, .alt)),
    InputSequence("\(csi)27;5;27~", Key(.escape, .control)),
    InputSequence("\(csi)27;5;32~", Key(.character(" "), .control)),
    InputSequence("\(csi)27;5;228~", .control("ä")),
    InputSequence("\(csi)27;9;114~", []), InputSequence("\(csi)27;5;55296~", []),
    // The same sequences with formatOtherKeys=1.
    InputSequence("\(csi)114;5u", .control("r")), InputSequence("\(csi)13;2u", Key(.enter, .shift)),
  ]

  // MARK: Mouse

  private static func at(_ x: Int, _ y: Int) -> Point { Point(x: x, y: y) }

  private static let buttons: [(Int, Mouse.Button)] = [(0, .left), (1, .middle), (2, .right)]

  private static let mouse: [InputSequence] = {
    var all: [InputSequence] = []
    all += buttons.flatMap { code, button in
      [
        InputSequence("\(csi)<\(code);1;1M", Mouse(.press, button: button, at: at(0, 0))),
        InputSequence("\(csi)<\(code);1;1m", Mouse(.release, button: button, at: at(0, 0))),
        InputSequence("\(csi)<\(code + 32);9;5M", Mouse(.drag, button: button, at: at(8, 4))),
        // Columns beyond the range of the old protocols.
        InputSequence("\(csi)<\(code);223;10M", Mouse(.press, button: button, at: at(222, 9))),
        InputSequence("\(csi)<\(code);224;10M", Mouse(.press, button: button, at: at(223, 9))),
        InputSequence(
          "\(csi)<\(code);2000;999m", Mouse(.release, button: button, at: at(1999, 998))),
      ]
    }
    all += [Mouse.Kind.wheelUp, .wheelDown].enumerated().flatMap { code, kind in
      [
        InputSequence("\(csi)<\(64 + code);300;7M", Mouse(kind, at: at(299, 6))),
        InputSequence("\(csi)<\(64 + code);300;7m", []),
      ]
    }
    all += (0...7).flatMap { bits in
      let held = modifiers(bits + 1) ?? []
      return [
        InputSequence("\(csi)<\(bits * 4);3;2M", Mouse(.press, at: at(2, 1), modifiers: held)),
        InputSequence("\(csi)<\(bits * 4 + 32);3;2M", Mouse(.drag, at: at(2, 1), modifiers: held)),
        InputSequence(
          "\(csi)<\(bits * 4 + 65);3;2M", Mouse(.wheelDown, at: at(2, 1), modifiers: held)),
      ]
    }
    all += [
      // A double click is two presses, which `ClickCounter` counts.
      InputSequence(
        "\(csi)<0;5;6M\(csi)<0;5;6m\(csi)<0;5;6M\(csi)<0;5;6m",
        [Mouse.Kind.press, .release, .press, .release].map { .mouse(Mouse($0, at: at(4, 5))) }),
      // Mouse movements, horizontal scrolling, extra buttons, and invalid positions.
      InputSequence("\(csi)<35;5;5M", []), InputSequence("\(csi)<66;5;5M", []),
      InputSequence("\(csi)<67;5;5M", []), InputSequence("\(csi)<128;5;5M", []),
      InputSequence("\(csi)<0;0;5M", []), InputSequence("\(csi)<0;5M", []),
      // The protocols before SGR: X10's and urxvt's.
      InputSequence("\(csi)M !!", Mouse(.press, at: at(0, 0))),
      InputSequence("\(csi)M#!!", Mouse(.release, at: at(0, 0))),
      InputSequence("\(csi)M@!!", Mouse(.drag, at: at(0, 0))),
      InputSequence("\(csi)Ma*+", Mouse(.wheelDown, at: at(9, 10))),
      InputSequence("\(csi)32;5;6M", []),
    ]
    return all
  }()

  // MARK: Pastes, focus, replies

  private static let pastes: [InputSequence] = [
    InputSequence("\(csi)I", [.focus(true)]), InputSequence("\(csi)O", [.focus(false)]),
    InputSequence("\(csi)200~\(csi)201~", [.paste("")]),
    InputSequence("\(csi)200~one\rtwo\r\nthree\(csi)201~", [.paste("one\ntwo\nthree")]),
    InputSequence("\(csi)200~\u{3}\u{1B}q\(csi)A\(csi)201~", [.paste("\u{3}\u{1B}q\(csi)A")]),
    InputSequence("\(csi)200~日本 👩‍👩‍👧\(csi)201~", [.paste("日本 👩‍👩‍👧")]),
    // Inside a paste, another start is text. An end without a start is ignored.
    InputSequence("\(csi)200~\(csi)200~\(csi)201~", [.paste("\(csi)200~")]),
    InputSequence("\(csi)200~\(csi)20\(csi)201~", [.paste("\(csi)20")]),
    InputSequence("\(csi)201~", []),
    InputSequence(
      "\(csi)200~a\(csi)201~\(csi)200~b\(csi)201~q",
      [
        .paste("a"), .paste("b"), .key(.character("q")),
      ]),
  ]

  private static let replies: [InputSequence] = {
    var all: [InputSequence] = []
    all += [
      InputSequence("\(csi)?6c", .deviceAttributes([6])),
      InputSequence("\(csi)?62;4;22c", .deviceAttributes([62, 4, 22])),
      InputSequence("\(csi)?65;1;9;52c", .deviceAttributes([65, 1, 9, 52])),
      InputSequence("\(csi)>41;354;0c", .other(">41;354;0c")),
      InputSequence("\u{1B}P!|7E565445\u{1B}\\", .other("!|7E565445")),
      InputSequence("\u{1B}P>|XTerm(390)\u{1B}\\", .other(">|XTerm(390)")),
      InputSequence("\u{1B}P1$r0 q\u{1B}\\", .other("1$r0 q")),
      InputSequence("\u{1B}P1+r524742=38\u{1B}\\", .other("1+r524742=38")),
      InputSequence("\u{1B}_Gi=31;OK\u{1B}\\", .other("Gi=31;OK")),
      InputSequence("\u{1B}]52;c;aGk=\u{7}", .other("52;c;aGk=")),
      InputSequence("\(csi)?997;1n", .other("?997;1n")), InputSequence("\(csi)0n", .other("0n")),
      InputSequence("\(csi)48;24;80;480;640t", .other("48;24;80;480;640t")),
      InputSequence("\(csi)24;80R", .cursor(at(79, 23))),
      InputSequence("\(csi)200;300R", .cursor(at(299, 199))),
    ]
    all += (0...4).map { InputSequence("\(csi)?2026;\($0)$y", .mode(number: 2026, state: $0)) }
    all += [0, 1, 5, 31].map { InputSequence("\(csi)?\($0)u", .keyboard(flags: $0)) }
    all += ["\u{7}", "\u{1B}\\"].flatMap { end in
      [
        InputSequence(
          "\u{1B}]11;rgb:ffff/8080/0000\(end)",
          .color(number: 11, red: 65535, green: 0x8080, blue: 0)),
        InputSequence(
          "\u{1B}]10;rgb:ff/80/00\(end)",
          .color(number: 10, red: 65535, green: 0x8080, blue: 0)),
        InputSequence(
          "\u{1B}]11;rgba:1c1c/1c1c/1c1c/ffff\(end)",
          .color(number: 11, red: 0x1C1C, green: 0x1C1C, blue: 0x1C1C)),
        InputSequence(
          "\u{1B}]4;1;rgb:cdcd/0000/0000\(end)",
          .color(number: 4, red: 0xCDCD, green: 0, blue: 0)),
        InputSequence("\u{1B}]11;?\(end)", .other("11;?")),
      ]
    }
    return all
  }()
}
