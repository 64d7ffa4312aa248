import Panes

/// The key table as Markdown: the only place where the generator asks the panes for their keys.
enum KeyTable {
  static var markdown: String { KeyBinding.markdown }
}
