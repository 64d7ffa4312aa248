import ReplicateAPI

/// Stands in for models of which only the schema is known, or only the description. The output has
/// the right shape and repeats the input.
enum Echo {
  static func model(
    id: ModelID, description: String, runCount: Int, schema: JSONValue?
  ) -> DemoModel {
    let task = ModelTask(name: id.name, description: description)
    let isGuess = schema == nil
    let schema = schema ?? task.schema
    let output = EchoOutput(openAPI: schema, medium: task.medium)
    let readme = """
      # \(id.name)

      \(description)

      On this demo service the model is an echo: it has the inputs of \
      \(isGuess ? "a model that fits its description" : "the real model"), and its output has the \
      same shape but repeats the input.
      """
    return DemoModel(
      id: id, description: description, runCount: runCount, readme: readme,
      versions: .history(of: id, cog: "0.9.4", "2026-01-15T12:00:00.000000Z"), schema: schema,
      exampleInput: [:],
      run: { job in
        await job.log("Echoing \(job.input.count) inputs of \(id)\n")
        try await job.steps(20, seconds: 3)
        try await output.send(to: job)
      })
  }
}
