import ReplicateAPI

@main
struct Tell {
  static func main() async throws {
    let prompt = CommandLine.arguments.dropFirst().joined(separator: " ")
    let client = Client(try .fromEnvironment())

    let request = PredictionRequest(
      .model(ModelID(owner: "meta", name: "meta-llama-3-8b-instruct")),
      input: ["prompt": .string(prompt)])
    let prediction = try await client.create(request, recording: MemoryIntentStore())
    print(prediction.id, prediction.status.rawValue)
    await client.shutdown()
  }
}
