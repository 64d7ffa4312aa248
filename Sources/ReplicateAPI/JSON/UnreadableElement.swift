/// An element of a list that couldn't be read. The rest of the list is there.
///
/// Only a list that isn't JSON, or that ends too early, is an error as a whole.
public struct UnreadableElement: Sendable, Hashable {
  /// The element's index in its list, from 0, counting the unreadable elements as well.
  public var index: Int
  /// Where the mistake is in the answer, such as `results[3]` or `models[1].model`.
  public var path: String
  /// What is wrong there, such as "a prediction without an id".
  public var problem: String
  /// The element's id, slug, or name, whichever it has, cut after 80 characters.
  public var name: String?
  /// The element's size in the answer, in bytes.
  public var size: Int

  public init(index: Int, path: String, problem: String, name: String? = nil, size: Int = 0) {
    self.index = index
    self.path = path
    self.problem = problem
    self.name = name
    self.size = size
  }
}

extension UnreadableElement: CustomStringConvertible {
  public var description: String { "\(path): \(problem)" }
}
