import Archive
import ArgumentParser
import CursesTerminal
import DemoReplicate
import Desktop
import Dispatch
import Logging
import Panes
import ReplicateAPI
import Running
import Settings
import Synchronization
import TerminalKit
import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program. Its entry point is synchronous because the main loop must run on the first thread.
@main
enum Replicant {
  static func main() {
    ProcessLimits.openStandardFiles()
    do {
      var command = try RootCommand.parseAsRoot()
      try command.run()
    } catch {
      exit(with: error)
    }
  }

  /// Ends the program as `ParsableCommand.exit(withError:)` does, except that the message, which may
  /// quote an argument, is sanitized.
  private static func exit(with error: any Error) -> Never {
    let message = RootCommand.fullMessage(for: error)
    let code = RootCommand.exitCode(for: error)
    if !message.isEmpty {
      if code.isSuccess { print(message) } else { MainLoop.printError(message) }
    }
    RootCommand.exit(withError: code)
  }
}

struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replicant",
    abstract: "A terminal browser for Replicate.",
    discussion: """
      Browse collections, search models, fill in a model's inputs, run it, and watch it live.
      Set REPLICATE_API_TOKEN to your API token, or use --demo to try it without one.
      """,
    version: ReplicantVersion.current,
    subcommands: [BrowseCommand.self, DemoServerCommand.self],
    defaultSubcommand: BrowseCommand.self)
}

/// Options of the demo service, whether built in or run on its own.
struct DemoServiceOptions: ParsableArguments {
  @Option(
    name: .customLong("demo-models"),
    help: "Add models from a JSON file: a list of objects with owner, name, description, …")
  var modelsFile: String?

  @Option(
    name: .customLong("demo-schemas"),
    help: "Add models from a folder of JSON files, with one model object each.")
  var schemasFolder: String?

  @Option(
    name: .customLong("demo-record"),
    help: "Append each request that the demo service receives to a file, as a line of JSON.")
  var recordFile: String?

  @Option(help: "Speed of the demo service; 2 is twice as fast.")
  var speed = 1.0

  @Option(name: .customLong("demo-seed"), help: "Seed for the demo service's random numbers.")
  var seed: UInt64 = 1

  @Option(
    name: .customLong("fault"),
    help: ArgumentHelp(
      "Inject a fault into the demo service. Can be repeated.", discussion: faultList,
      valueName: "name"),
    transform: { name in
      guard let faults = DemoFault.named(name) else {
        throw ValidationError("Unknown fault “\(name)”. The faults are \(faultNames).")
      }
      return faults
    })
  var faults: [Set<DemoFault>] = []

  private static let faultNames = (DemoFault.allCases.map(\.rawValue) + [DemoFault.oddName])
    .joined(separator: ", ")

  /// One line per fault.
  private static let faultList: String = {
    let rows =
      DemoFault.allCases.map { (name: $0.rawValue, summary: $0.summary) }
      + [(DemoFault.oddName, "All whose names start with “\(DemoFault.oddName)-”")]
    let width = (rows.map(\.name.count).max() ?? 0) + 2
    return rows.map { row in
      row.name + String(repeating: " ", count: max(0, width - row.name.count)) + row.summary
    }.joined(separator: "\n")
  }()

  /// Times are divided by the speed, so it can't be just any number.
  private static let speeds = 0.001...1_000_000

  func validate() throws {
    guard Self.speeds.contains(speed) else {
      throw ValidationError("--speed must be from 0.001 to 1000000.")
    }
  }

  /// How many files the program has to be able to open: for the screen, the event loops (three each,
  /// on as many threads as there are processors), and some connections.
  func openFiles(isBuiltIn: Bool) -> Int {
    let loops = 1 + (isBuiltIn ? ProcessEnvironment.processorCount : 0)
    return 24 + 3 * loops
  }

  func options(port: Int = 0) throws -> DemoOptions {
    var options = DemoOptions()
    if let recordFile { options.onRequest = try RequestRecord(recordFile).add }
    options.modelsFile = modelsFile
    options.schemasFolder = schemasFolder
    options.speed = speed
    options.seed = seed
    options.port = port
    options.faults = faults.reduce(into: []) { $0.formUnion($1) }
    return options
  }
}

struct BrowseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "browse",
    abstract: "Open the browser (default).")

  @Flag(help: "Use the built-in demo service instead of Replicate.")
  var demo = false

  @OptionGroup(title: "Demo service")
  var service: DemoServiceOptions

  @Option(help: "Begin with this profile of the config file.")
  var profile: String?

  @Argument(help: "What to open: owner/name[:version], p/ID, or a replicate.com URL.")
  var address: String?

  func run() throws {
    if let obstacle = ProcessLimits.obstacle(files: service.openFiles(isBuiltIn: demo)) {
      MainLoop.warn(obstacle)
      throw ExitCode(2)
    }
    let opening = try address.map { text in
      guard let address = Address(text) else {
        throw ValidationError(
          "Can’t open “\(text)”. Use owner/name, p/ID, or a replicate.com URL.")
      }
      return address
    }
    MainLoop.prepare()
    let environment = ProcessEnvironment.take()
    let (configuration, origin, tokenProblem) = try clientConfiguration(environment)
    let status = try MainActor.assumeIsolated {
      let settings = SettingsKeeper(Settings(environment: environment))
      let config = settings.settings.config
      let desktop = SystemDesktop(environment: environment, settings: config)
      // Kept from other programs even if another token is used later.
      if let token = environment["REPLICATE_API_TOKEN"].flatMap(TokenText.token) {
        desktop.protect(token)
      }
      let connections = Connections(
        configuration, origin: origin, config: config, environment: environment, desktop: desktop)
      if let profile, !config.profiles.contains(where: { $0.name == profile }) {
        let names = config.profiles.map(\.name).joined(separator: ", ")
        throw ValidationError(
          "The config has no profile \(profile)."
            + (names.isEmpty ? " It has none at all." : " It has \(names)."))
      }
      let navigator = Navigator(
        client: Client(configuration, clock: RestingClock()), desktop: desktop,
        places: PlaceTable.places, lists: settings.lists, borders: settings.borders,
        makeIntents: { [demo] configuration in
          // The demo's predictions end with it.
          guard !demo, let token = configuration.token else { return MemoryIntentStore() }
          return IntentFile(
            environment: environment, baseURL: configuration.baseURL, token: token)
        },
        makeInputs: { [demo] configuration in
          guard demo || configuration.token != nil else { return MemorySavedInputStore() }
          return SavedInputFolder(
            environment: environment, baseURL: configuration.baseURL,
            token: demo ? nil : configuration.token)
        },
        makeGroups: { [demo] configuration in
          guard !demo, let token = configuration.token else { return MemoryGroupStore() }
          return GroupFolder(
            environment: environment, baseURL: configuration.baseURL, token: token)
        }, connection: connections.start, profiles: connections.rows,
        rememberedModels: demo ? RememberedModels() : settings.ownModels)
      navigator.runsAtOnce = Int(clamping: config.runsAtOnce)
      navigator.noticeAfter = config.noticeAfter
      navigator.refreshInterval =
        config.predictionsEvery > 0 ? .seconds(max(5, config.predictionsEvery)) : nil
      settings.onFailure = { [weak navigator] in navigator?.perform(.notify(Notice(.failed, $0))) }
      navigator.onBordersMoved = { settings.keep($0) }
      navigator.files.folder = settings.settings.state.folder.map { LocalPath($0) }
      navigator.files.onChoice = { folder in
        // A name that isn't UTF-8 has no place in the file.
        if LocalPath(folder.shown) == folder { settings.keep(folder: folder.shown) }
      }
      let (keys, problems) = KeyMap.configured(config.keys)
      settings.report(problems)
      if let tokenProblem { MainLoop.warn(tokenProblem) }
      if !demo { navigator.offeredToken = offeredToken(environment, configuration) }
      navigator.start(opening: opening, tokenProblem: tokenProblem, profile: profile)
      if let first = settings.firstProblem { navigator.perform(.notify(Notice(.failed, first))) }
      let screen = Screen(navigator: navigator, keys: keys) { desktop.terminal = $0 }
      let status = try MainLoop.run(screen, config: config, logPath: settings.settings.logPath)
      finish(navigator.lastWrites())
      return status
    }
    throw ExitCode(status)
  }

  /// Waits a moment for what has to be on disk before the program ends.
  private func finish(_ writes: [@Sendable () async -> String?]) {
    guard !writes.isEmpty else { return }
    let failures = Mutex<[String]>([])
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      for write in writes {
        if let reason = await write() { failures.withLock { $0.append(reason) } }
      }
      done.signal()
    }
    _ = done.wait(timeout: .now() + 3)
    for reason in failures.withLock({ $0 }) {
      MainLoop.warn("Not all values of the forms could be kept: \(reason).")
    }
  }

  private func clientConfiguration(
    _ environment: [String: String]
  ) throws -> (Client.Configuration, origin: String, tokenProblem: String?) {
    var environment = environment
    var problem: String?
    var origin = "the environment variable REPLICATE_API_TOKEN"
    if demo {
      origin = "the demo service"
      environment["REPLICATE_BASE_URL"] = try startDemoService(try service.options())
      environment["REPLICATE_API_TOKEN"] = DemoServer.token
    } else if (environment["REPLICATE_API_TOKEN"] ?? "").isEmpty {
      let file = TokenFile(environment: environment)
      switch file.read() {
      case .nothing: break
      case .token(let text) where TokenText.token(in: text) == nil:
        problem = "The token file doesn’t contain an API token:\n\(file.path)"
      case .token(let text):
        environment["REPLICATE_API_TOKEN"] = text
        origin = file.path
      case .ignored(let reason): problem = reason
      }
    }
    var configuration = try Client.Configuration.fromEnvironment(environment)
    configuration.userAgent = "replicant/\(ReplicantVersion.current)"
    return (configuration, origin, problem)
  }

  /// The token of Replicate's own command-line program, for somebody who has set none here.
  private func offeredToken(
    _ environment: [String: String], _ configuration: Client.Configuration
  ) -> OfferedToken? {
    guard configuration.token == nil else { return nil }
    let file = OfficialTokenFile(environment: environment)
    guard case .token(let text) = file.token(for: configuration.baseURL),
      let token = TokenText.token(in: text)
    else { return nil }
    return OfferedToken(token: token, path: file.path)
  }
}

struct DemoServerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo-server",
    abstract: "Run only the demo service. It prints its base URL on the first line.")

  // Unconditional, so that what is wrong with -1 is said in the same words as for any other number.
  @Option(
    parsing: .unconditional, help: "Port to listen on at 127.0.0.1; 0 picks a free port.")
  var port = 0

  @OptionGroup(title: "Demo service")
  var service: DemoServiceOptions

  func validate() throws {
    guard DemoOptions.ports.contains(port) else {
      throw ValidationError(
        "--port must be from 0 to \(DemoOptions.ports.upperBound); \(port) isn’t a port.")
    }
  }

  func run() throws {
    if let obstacle = ProcessLimits.obstacle(files: service.openFiles(isBuiltIn: true)) {
      MainLoop.warn(obstacle)
      throw ExitCode(2)
    }
    let address = try startDemoService(try service.options(port: port))
    print(address)
    fflush(nil)
    print(
      "To use it, run: REPLICATE_BASE_URL=\(address) REPLICATE_API_TOKEN=\(DemoServer.token) "
        + "replicant")
    fflush(nil)
    dispatchMain()
  }
}

/// Starts the demo service and returns its base URL once it's listening. It runs until the program
/// exits.
private func startDemoService(_ options: DemoOptions) throws -> String {
  let outcome = Mutex<Result<DemoServer, any Error>?>(nil)
  let listening = DispatchSemaphore(value: 0)
  Task.detached {
    do {
      let server = try await DemoServer.start(options)
      outcome.withLock { $0 = .success(server) }
    } catch {
      outcome.withLock { $0 = .failure(error) }
    }
    listening.signal()
  }
  listening.wait()
  switch outcome.withLock({ $0 }) {
  case .success(let server): return server.baseURL
  case .failure(let error):
    throw ValidationError("Couldn’t start the demo service: \(error)")
  case nil: throw ExitCode.failure
  }
}
