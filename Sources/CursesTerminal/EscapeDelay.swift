/// How long the rest of an escape sequence may take before an ESC counts as the Esc key.
enum EscapeDelay {
  /// The environment variables that decide it.
  static let variables = ["ESCDELAY", "SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT"]

  private static let usual = Duration.milliseconds(25)
  /// Over a network, a sequence may arrive in pieces.
  private static let remote = Duration.milliseconds(100)
  /// With less, sequences would be taken apart; with more, Esc would seem to do nothing.
  private static let bounds = 5...1000

  /// The delay that `ESCDELAY` asks for in milliseconds, as ncurses programs understand it, within
  /// bounds. Without it, the delay depends on whether this is an SSH session, which tmux also passes
  /// on to its panes.
  static func duration(in environment: [String: String]) -> Duration {
    if let chosen = environment["ESCDELAY"].flatMap({ Int($0) }), chosen >= 0 {
      return .milliseconds(min(max(chosen, bounds.lowerBound), bounds.upperBound))
    }
    let isRemote = variables.dropFirst().contains { !(environment[$0] ?? "").isEmpty }
    return isRemote ? remote : usual
  }
}
