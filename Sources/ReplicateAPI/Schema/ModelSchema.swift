/// A version's OpenAPI document read into what a form and an output view need.
public struct ModelSchema: Sendable, Hashable {
  /// In the order of `x-order`; those without one last, as the document has them.
  public var inputs: [InputField]
  public var output: OutputKind

  public init(inputs: [InputField], output: OutputKind = .none) {
    self.inputs = inputs
    self.output = output
  }

  /// Reads the schema of runs, or, with the names `TrainingInput` and `TrainingOutput`, of trainings.
  ///
  /// - Parameters:
  ///   - openAPI: The version's document; what isn't as expected in it is left out.
  ///   - cogVersion: The version's; before 0.3.9 every list that came out was made piece by piece,
  ///     without a mark.
  ///   - inputName: The name of the component that describes the inputs.
  ///   - outputName: The name of the one that describes the output.
  public init(
    openAPI: JSONValue, cogVersion: String? = nil, inputName: String = "Input",
    outputName: String = "Output"
  ) {
    let document = SchemaDocument(openAPI: openAPI)
    inputs = document.inputs(of: inputName)
    output = document.output(of: outputName, areListsStreamed: Self.areListsStreamed(cogVersion))
  }

  private static func areListsStreamed(_ cogVersion: String?) -> Bool {
    guard let cogVersion else { return false }
    let numbers = cogVersion.drop { $0 == "v" }
      .prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      .split(separator: ".").compactMap { Int($0) }
    guard numbers.count == 3 else { return false }
    return numbers.lexicographicallyPrecedes([0, 3, 9])
  }
}
