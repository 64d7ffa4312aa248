import Panes
import ViewModels

/// The key map as Markdown: the only place where the generator asks the panes for their keys.
@MainActor
enum KeyTable {
  static var markdown: String { KeyMap.standard.markdown(CommandCatalog(PlaceTable.places)) }
}
