extension InputForm {
  /// The text layout that the form needs to move the cursor by visible rows.
  public struct Typesetting {
    public var fieldsPerPage: Int
    public var textColumns: Int
    public var width: @Sendable (Character) -> Int

    public init(
      fieldsPerPage: Int = 8, textColumns: Int = .max,
      width: @escaping @Sendable (Character) -> Int = { _ in 1 }
    ) {
      self.fieldsPerPage = fieldsPerPage
      self.textColumns = textColumns
      self.width = width
    }
  }
}
