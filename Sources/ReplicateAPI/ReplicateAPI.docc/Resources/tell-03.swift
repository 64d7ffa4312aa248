import ReplicateAPI

@main
struct Tell {
  static func main() async throws {
    let prompt = CommandLine.arguments.dropFirst().joined(separator: " ")
    let client = Client(try .fromEnvironment())

    let request = PredictionRequest(
      .model(ModelID(owner: "meta", name: "meta-llama-3-8b-instruct")),
      input: ["prompt": .string(prompt)])
    print(request.input)
    await client.shutdown()
  }
}
