import Testing

extension PseudoTerminal {
  /// Expects that the program has left the terminal as it was.
  func expectRestored(
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    #expect(
      try settingsAfter == settingsBefore, sourceLocation: sourceLocation)
    let modes = try await screen().modes
    #expect(!modes.isAlternateScreen, sourceLocation: sourceLocation)
    #expect(!modes.wantsMouse, sourceLocation: sourceLocation)
    #expect(modes.isCursorVisible, sourceLocation: sourceLocation)
    // What the terminal answered to the program's questions wasn't left for the shell.
    #expect(try await !screen().contains("^["), sourceLocation: sourceLocation)
    // Paste, focus, mouse, alternate screen: the last word on each is that it is off.
    let written = await written()
    for mode in ["2004", "1004", "1002", "1006", "1049"] {
      let lastOn = written.ranges(of: "\u{1b}[?\(mode)h").last?.lowerBound
      let lastOff = written.ranges(of: "\u{1b}[?\(mode)l").last?.lowerBound
      #expect(
        lastOn ?? written.startIndex <= lastOff ?? written.startIndex, "mode \(mode)",
        sourceLocation: sourceLocation)
    }
  }
}
