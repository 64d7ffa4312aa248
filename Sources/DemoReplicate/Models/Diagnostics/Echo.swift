import ReplicateAPI

/// Stands in for models that are known by their schema alone: the output has the right shape, and
/// says back what came in.
enum Echo {
  static func model(
    id: ModelID, description: String, runCount: Int, schema: JSONValue?
  ) -> DemoModel {
    let schema = schema ?? .openAPI([.text("prompt", "What to say.").required()], .text)
    let shape = EchoOutput(openAPI: schema)
    let readme = """
      # \(id.name)

      \(description)

      On this demo service the model is an echo: it takes the inputs of the real one, and gives an \
      output of the same shape, made of what came in.
      """
    return DemoModel(
      id: id, description: description, runCount: runCount, readme: readme,
      versions: .history(of: id, cog: "0.9.4", "2026-01-15T12:00:00.000000Z"), schema: schema,
      exampleInput: [:],
      run: { job in
        await job.log("Echoing \(job.input.count) inputs of \(id)\n")
        try await job.steps(20, seconds: 3)
        try await shape.give(to: job)
      })
  }
}
