import Support
import TerminalKit
import ViewModels

@testable import Panes

extension Stage {
  /// A screen that shows this stage, with its first frame drawn.
  func screen(_ width: Int, _ height: Int) -> (Screen, RecordingTerminal) {
    let terminal = RecordingTerminal(width: width, height: height)
    let screen = Screen(navigator: navigator)
    screen.start(on: terminal)
    _ = screen.frame()
    return (screen, terminal)
  }

  /// Starts as the program does, with the screen in place before anything is loaded.
  func started(_ width: Int, _ height: Int) async -> (Screen, RecordingTerminal) {
    let (screen, terminal) = screen(width, height)
    await started()
    _ = screen.frame()
    return (screen, terminal)
  }

  /// Presses keys one after another, each once the last one has had its effect.
  func press(_ screen: Screen, _ keys: Key...) async {
    for key in keys {
      screen.handle(.key(key))
      await navigator.settled()
    }
  }

  /// Types a text as a person would, key by key.
  func type(_ screen: Screen, _ text: String) async {
    for letter in text { await press(screen, .character(letter)) }
  }
}

extension Screen {
  /// The header's row as it is drawn now.
  var headerText: String { frame().text(row: 0) }

  /// The footer's row as it is drawn now.
  var footerText: String {
    let frame = frame()
    return frame.text(row: frame.size.height - 1)
  }

  /// What a pane shows inside of its frame; empty where the pane isn't on the screen.
  func text(of place: PlaceID) -> String {
    let frame = frame()
    guard let area = layout?.panes[place]?.inset(by: 1) else { return "" }
    return (area.y..<area.maxY).map { y in
      (area.x..<area.maxX).map { frame[$0, y].text }.joined()
    }.joined(separator: "\n")
  }

  /// Where a text begins on the screen.
  func point(of text: String, below row: Int = 0) -> Point? {
    let frame = frame()
    for y in row..<frame.size.height {
      let line = frame.text(row: y)
      if let range = line.firstRange(of: text) {
        return Point(x: line.distance(from: line.startIndex, to: range.lowerBound), y: y)
      }
    }
    return nil
  }
}
