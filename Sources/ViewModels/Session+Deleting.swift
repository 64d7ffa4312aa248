extension Session {
  /// Asks for the name of something before it is deleted for good.
  ///
  /// - Parameters:
  ///   - name: What has to be typed.
  ///   - what: What it is: `the deployment`.
  ///   - conditions: What happens, and what the service demands.
  func askToDelete(
    _ name: String, _ what: String, _ conditions: String, delete: @escaping @MainActor () -> Void
  ) {
    // What is drawn of a name may not be all of it.
    let name = name.trimmingBlanks()
    host?.present(
      .text(
        TextPrompt(
          "Delete \(what)?", "To delete \(name), type its name. \(conditions)"
        ) { typed in
          guard typed.trimmingBlanks() == name else {
            return typed.isEmpty
              ? "Type its name, or press Esc to keep it."
              : "That isn’t its name, so nothing was deleted."
          }
          delete()
          return nil
        }))
  }
}
