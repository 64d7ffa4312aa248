import ReplicateAPI

@main
struct Tell {
  static func main() async throws {
    let prompt = CommandLine.arguments.dropFirst().joined(separator: " ")
    let client = Client(try .fromEnvironment())
    print(prompt)
    await client.shutdown()
  }
}
