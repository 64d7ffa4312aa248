import Testing

extension PseudoTerminal {
  /// Expects that the program has restored the terminal.
  func expectRestored(
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    #expect(
      try settingsAfter == settingsBefore, sourceLocation: sourceLocation)
    let modes = try await screen().modes
    #expect(!modes.isAlternateScreen, sourceLocation: sourceLocation)
    #expect(!modes.wantsMouse, sourceLocation: sourceLocation)
    #expect(modes.isCursorVisible, sourceLocation: sourceLocation)
    // The terminal's replies to the program's queries must not end up in the shell.
    #expect(try await !screen().contains("^["), sourceLocation: sourceLocation)
    // Paste, focus, mouse, and alternate screen must all end up disabled.
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
