@main
struct Tell {
  static func main() async throws {
    let prompt = CommandLine.arguments.dropFirst().joined(separator: " ")
    print(prompt)
  }
}
