import ReplicateAPI

/// Adds what programs print to terminals to the logs of runs.
package enum OddLogs {
  /// The log with an odd beginning and, once the run has ended, an odd end. It grows as the original
  /// does.
  package static func changed(
    _ logs: String, hasEnded: Bool, _ random: inout SeededRandom
  ) -> String {
    let isHit = random.integer(0...2) > 0
    let beginning = (0..<random.integer(1...3)).map { _ in random.pick(pieces) }.joined()
    let end = (0..<random.integer(1...4)).map { _ in random.pick(pieces) }.joined()
    guard isHit else { return logs }
    return beginning + logs + (hasEnded ? end : "")
  }

  package static let pieces: [String] = [
    "\u{1B}[31mERROR\u{1B}[0m \u{1B}[1;38;2;10;20;30mcolors\u{1B}[m\n",
    "\u{1B}[38;5;196", "\u{1B}[2J\u{1B}[H\u{1B}[999B\u{1B}[?1049h\u{1B}[?25lscreen\u{1B}c\n",
    "abc\u{8}\u{8}\u{8}xyz\u{8}\n", "\u{8}\u{8}\u{8}\u{8}",
    "\u{1B}]0;title\u{7}\u{1B}]8;;http://example.invalid\u{1B}\\link\u{1B}]8;;\u{1B}\\\n",
    "\u{1B}]52;c;aGVsbG8=\u{7}", "\u{1B}]never ended", "\u{1B}Pdcs\u{1B}\\\u{9B}31mC1\u{9C}\n",
    "a\u{0}b\u{0}\n", "\u{0}",
    "\u{202E}desrever\u{202C} \u{2066}isolated\u{2069} \u{200F}\u{61C}\u{200B}\u{FEFF}\n",
    "e\(String(repeating: "\u{301}", count: 300))\n", "👩‍👩‍👧‍👦🏳️‍🌈👍🏽 全角文字 ｱｲｳ \u{AD}\n",
    "one\rtwo\r\nthree\r\rfour\n\r", "\r\n\r\n\r\n", "\t\ttabs\t\u{B}\u{C}\u{85}\u{2028}\u{2029}",
    "no line break at the end", "100%|██████████| 0/0 [00:00<?, ?it/s]\n", "-5%|| -1/0\n",
    "999999999999999999999%|█| 99999999999999999999/1 [99:99:99<00:00, infit/s]\n",
    nestedBars, String(repeating: "long ", count: 4000) + "\n",
  ]

  /// Two bars of tqdm, one inside the other, with carriage returns and cursor movements.
  private static let nestedBars: String = {
    var text = ""
    var outer = ProgressLine(total: 3, label: "Epoch")
    for _ in 0..<3 {
      var inner = ProgressLine(total: 4, label: "  batch")
      text += "\r\(outer.text)\n"
      for _ in 0..<4 {
        inner.advance(seconds: 0.2)
        text += "\r\(inner.text)"
      }
      text += "\u{1B}[A"
      outer.advance(seconds: 0.8)
    }
    return text + "\r\(outer.text)\n\n"
  }()
}
