/// The inputs and the output of a model version, read from its OpenAPI document.
public struct ModelSchema: Sendable, Hashable {
  /// In the order of `x-order`. Inputs without one come last, in the document's order.
  public var inputs: [InputField]
  public var output: OutputKind

  public init(inputs: [InputField], output: OutputKind = .none) {
    self.inputs = inputs
    self.output = output
  }

  /// Reads the schema of runs, or of trainings with the names `TrainingInput` and `TrainingOutput`.
  ///
  /// - Parameters:
  ///   - openAPI: The version's OpenAPI document. Unexpected parts are left out.
  ///   - cogVersion: The ``ModelVersion/cogVersion``. Before 0.3.9, all lists were streamed and not
  ///     marked as such.
  ///   - inputName: The name of the component that describes the inputs.
  ///   - outputName: The name of the component that describes the output.
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
