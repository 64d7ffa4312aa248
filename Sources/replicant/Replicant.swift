import ArgumentParser
import CursesTerminal
import DemoReplicate
import Desktop
import Dispatch
import Logging
import Panes
import ReplicateAPI
import Settings
import Synchronization
import TerminalKit
import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program. Its entry is synchronous: the main loop must run on the process's first thread.
@main
enum Replicant {
  static func main() {
    RootCommand.main()
  }
}

struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replicant",
    abstract: "A terminal browser for Replicate.",
    discussion: """
      Browse collections, search models, fill in a model's inputs, run it and watch it live.
      The API token is read from REPLICATE_API_TOKEN; --demo needs none.
      """,
    version: "0.1.0",
    subcommands: [BrowseCommand.self, DemoServerCommand.self, ReadmeSectionCommand.self],
    defaultSubcommand: BrowseCommand.self)
}

/// The options of the demo service, in the program and on its own.
struct DemoServiceOptions: ParsableArguments {
  @Option(
    name: .customLong("demo-models"),
    help: "Add the models of a JSON file: a list of objects with owner, name, description, …")
  var modelsFile: String?

  @Option(
    name: .customLong("demo-schemas"),
    help: "Add the model objects of a folder, one JSON file each.")
  var schemasFolder: String?

  @Option(help: "How fast the demo service's time goes; 2 is twice as fast.")
  var speed = 1.0

  @Option(name: .customLong("demo-seed"), help: "Names the demo service's own chance.")
  var seed: UInt64 = 1

  @Option(
    name: .customLong("fault"),
    help: ArgumentHelp(
      "Let the demo service do something badly: \(faultNames). May be repeated.",
      valueName: "name"),
    transform: { name in
      guard let fault = DemoFault(rawValue: name) else {
        throw ValidationError("There is no fault “\(name)”; there are \(faultNames).")
      }
      return fault
    })
  var faults: [DemoFault] = []

  private static let faultNames = DemoFault.allCases.map(\.rawValue).joined(separator: ", ")

  func validate() throws {
    guard speed > 0, speed.isFinite else {
      throw ValidationError("--speed takes a number above 0.")
    }
  }

  func options(port: Int = 0) -> DemoOptions {
    var options = DemoOptions()
    options.modelsFile = modelsFile
    options.schemasFolder = schemasFolder
    options.speed = speed
    options.seed = seed
    options.port = port
    options.faults = Set(faults)
    return options
  }
}

struct BrowseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "browse",
    abstract: "Open the browser (what replicant does by itself).")

  @Flag(help: "Use a demo service inside this program instead of Replicate.")
  var demo = false

  @OptionGroup(title: "The demo service")
  var service: DemoServiceOptions

  @Flag(
    help: ArgumentHelp(
      "Crash once the panes are drawn, to try how the terminal is restored.", visibility: .hidden))
  var crashAfterStart = false

  @Argument(help: "What to open: owner/name[:version], p/ID or a replicate.com address.")
  var address: String?

  func run() throws {
    let opening = try address.map { text in
      guard let address = Address(text) else {
        throw ValidationError(
          "“\(text)” is no address: try owner/name, p/ID or a replicate.com address.")
      }
      return address
    }
    MainLoop.prepare()
    let environment = ProcessEnvironment.variables
    let configuration = try clientConfiguration(environment)
    let status = try MainActor.assumeIsolated {
      var settings = Settings(environment: environment)
      let desktop = SystemDesktop(environment: environment, settings: settings.config)
      let browser = Browser(client: Client(configuration, clock: RestingClock()), desktop: desktop)
      browser.use(settings)
      // The screen has room for one; this is what a person finds after leaving.
      for problem in settings.problems { MainLoop.warn(problem) }
      browser.onPanesMoved = { [weak browser] shares, _ in
        var state = settings.state
        for border in PaneBorder.allCases {
          let isStandard = shares[border] == PaneShares()[border]
          state.borders[border.rawValue] = isStandard ? nil : shares[border]
        }
        do throws(FileFailure) {
          try settings.keep(state)
        } catch {
          browser?.tell(DesktopFailure(error.message))
        }
      }
      browser.start(opening: opening)
      let screen = Screen(browser: browser) { desktop.terminal = $0 }
      return try MainLoop.run(
        crashAfterStart ? CrashAfterStart(screen) : screen, config: settings.config,
        logPath: settings.logPath)
    }
    throw ExitCode(status)
  }

  private func clientConfiguration(
    _ environment: [String: String]
  ) throws -> Client.Configuration {
    var environment = environment
    if demo {
      environment["REPLICATE_BASE_URL"] = try startDemoService(service.options())
      environment["REPLICATE_API_TOKEN"] = DemoServer.token
    } else if (environment["REPLICATE_API_TOKEN"] ?? "").isEmpty {
      environment["REPLICATE_API_TOKEN"] = TokenFile(environment: environment).read()
    }
    return try .fromEnvironment(environment)
  }
}

struct DemoServerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo-server",
    abstract: "Run the demo service alone; its base URL is the first line it prints.")

  @Option(help: "The port to listen on at 127.0.0.1; 0 takes a free one.")
  var port = 0

  @OptionGroup(title: "The demo service")
  var service: DemoServiceOptions

  func run() throws {
    let address = try startDemoService(service.options(port: port))
    print(address)
    fflush(nil)
    print("Use it: REPLICATE_BASE_URL=\(address) REPLICATE_API_TOKEN=\(DemoServer.token) replicant")
    fflush(nil)
    dispatchMain()
  }
}

struct ReadmeSectionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "print-readme-section",
    abstract: "Print a generated section of the README.", shouldDisplay: false)

  @Argument var section: String

  func run() throws {
    switch section {
    case "config": print("```toml\n\(Settings.sample)```")
    case "keys": print(KeyBinding.markdown, terminator: "")
    case "operations": print(OperationTable.markdown, terminator: "")
    default: throw ValidationError("There is no section “\(section)”.")
    }
  }
}

/// Starts the demo service and waits until it listens; returns its base URL. It lives as long as
/// the program.
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
    throw ValidationError("The demo service didn’t start: \(error)")
  case nil: throw ExitCode.failure
  }
}
