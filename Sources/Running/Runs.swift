import Observation
import ReplicateAPI

/// Every prediction that is known, each as one object; those under way are followed for the
/// program's life, whether a pane shows them or not.
@MainActor @Observable
public final class Runs {
  /// How many begun from this program have not ended.
  public private(set) var underWay = 0
  /// A create is on its way; another is not sent meanwhile, for runs cost money.
  public private(set) var isCreating = false

  @ObservationIgnored private var known: [Prediction.ID: Run] = [:]
  @ObservationIgnored private var followed: Set<Prediction.ID> = []
  @ObservationIgnored private var client: Client
  @ObservationIgnored private let activity = Activity()
  @ObservationIgnored private let intents = MemoryIntentStore()
  /// Told when a prediction of ours has ended or was created, so that lists can show it.
  @ObservationIgnored package var onChange: (Run) -> Void = { _ in }

  public init(client: Client) {
    self.client = client
  }

  package func use(_ newClient: Client) {
    client = newClient
  }

  /// The one object for a prediction, brought up to date with this answer.
  public func run(for prediction: Prediction) -> Run {
    if let run = known[prediction.id] {
      run.update(prediction)
      return run
    }
    let run = Run(prediction)
    known[prediction.id] = run
    return run
  }

  public func run(_ id: Prediction.ID) -> Run? { known[id] }

  /// Those begun from this program that haven't ended.
  public var ownUnderWay: [Run] {
    known.values.filter { $0.isOwn && $0.isUnderWay }
  }

  /// Creates a prediction, and never two; returns the run, which is followed from then on.
  package func create(
    _ request: PredictionRequest, outputKind: OutputKind?
  ) async throws(ReplicateError) -> Run {
    isCreating = true
    defer { isCreating = false }
    let prediction = try await client.create(request, recording: intents)
    let run = run(for: prediction)
    run.isOwn = true
    run.outputKind = outputKind
    follow(run)
    count()
    onChange(run)
    return run
  }

  /// Follows a prediction to its end: its state by polling, its text by the stream if it has one.
  public func follow(_ run: Run) {
    guard run.isUnderWay, followed.insert(run.id).inserted else { return }
    let client = client
    activity.start { [weak self] in
      do {
        for try await prediction in client.updates(of: run.prediction) {
          guard let self else { return }
          let was = run.isUnderWay
          run.update(prediction)
          if was, !run.isUnderWay {
            self.count()
            self.onChange(run)
          }
        }
      } catch {
        run.failure = .of(error)
      }
      self?.followed.remove(run.id)
      self?.count()
    }
    if let output = client.output(of: run.prediction) {
      activity.start {
        // A stream that breaks is no failure of the run: polling goes on by itself.
        do {
          for try await event in output {
            switch event {
            case .output(let text): run.receive(text)
            case .done: return
            default: continue
            }
          }
        } catch {}
      }
    }
  }

  /// Asks the service to cancel; the run shows when it is confirmed.
  package func cancel(_ run: Run) async throws(ReplicateError) {
    guard run.isUnderWay else { return }
    run.isCanceling = true
    do {
      let answer = try await client.send(.cancelPrediction(run.id))
      run.update(answer)
      count()
      onChange(run)
    } catch {
      run.isCanceling = false
      throw error
    }
  }

  private func count() {
    let now = ownUnderWay.count
    if underWay != now { underWay = now }
  }

  /// Ends what follows the runs; a create under way goes on.
  package func end() { activity.cancelAll() }

  package func settled() async { await activity.settled() }
}

extension ReplicateError {
  /// The client's own errors pass unchanged; anything else can only come from the network.
  package static func of(_ error: any Error) -> ReplicateError {
    error as? ReplicateError ?? ReplicateError(.interrupted(reason: "\(error)"))
  }
}
