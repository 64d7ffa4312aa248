import ReplicateAPI
import Running

// Checking what arrived, and sending it again.
extension WebhooksViewModel {
  /// The form that a delivery is pasted into.
  var verificationForm: PropertyForm {
    let session = session
    return PropertyForm(
      "webhook check", title: "Check a delivery", action: "check the delivery",
      inputs: [
        InputField(
          name: "delivery",
          description:
            "What arrived: the request with its headers and its body, the headers and the "
            + "body below an empty line, a curl command, or the JSON of a request bin.",
          kind: .text(TextRules(minLength: 1)), isRequired: true),
        InputField(
          name: "secret",
          description: "The secret to check with. Leave it empty for the account’s own.",
          kind: .secret()),
      ],
      about: { _ in
        [
          .heading("Is it genuine?"), .blank,
          .text(
            "Its age and its signature are checked on this machine, and each header that is missing or "
              + "wrong is named. Nothing is sent."), .blank,
          .text("Alt-E opens the field in your editor."),
        ]
      },
      send: { [weak self] values throws(ReplicateError) in
        let text = values["delivery"]?.string ?? ""
        let pasted: PastedDelivery
        do throws(PastedDelivery.Failure) {
          pasted = try await Self.read(text)
        } catch {
          throw Self.invalid("delivery", error.description)
        }
        let given = values["secret"]?.string ?? ""
        let secret =
          given.isEmpty
          ? try await session.client.send(.webhookSecret) : WebhookSecret(given)
        let examination = await Self.examine(pasted, secret, session.runs.serviceNow)
        self?.add { number in
          Row(
            id: number, event: "checked", address: "pasted",
            prediction: Self.prediction(in: pasted.body) ?? "", at: session.runs.serviceNow,
            kind: .checked(examination, remarks: pasted.remarks))
        }
        return PropertyForm.Sent(
          notice: examination.isTrustworthy
            ? "The delivery is genuine."
            : "The delivery isn’t genuine. \(examination.firstProblem?.description ?? "")")
      })
  }

  private static func invalid(_ field: String, _ words: String) -> ReplicateError {
    ReplicateError(
      .invalidInput([InvalidField(field: field, description: words)], detail: words))
  }

  // A large body takes a while, which isn't the main thread's.
  @concurrent
  private nonisolated static func read(
    _ text: String
  ) async throws(PastedDelivery.Failure) -> PastedDelivery {
    try PastedDelivery(text)
  }

  @concurrent
  private nonisolated static func examine(
    _ pasted: PastedDelivery, _ secret: WebhookSecret, _ now: Double
  ) async -> WebhookExamination {
    secret.examine(headers: pasted.pairs, body: pasted.body, now: now)
  }

  private static func prediction(in body: [UInt8]) -> String? {
    (try? JSONValue(parsing: body))?["id"]?.string
  }

  // MARK: Sending again

  private static let events: [(field: String, event: PredictionOptions.WebhookEvent)] = [
    ("start", .start), ("output", .output), ("logs", .logs), ("completed", .completed),
  ]

  /// The form that says which prediction is sent where.
  var replayForm: PropertyForm {
    let session = session
    let latest = session.runs.newestFirst.first { $0.prediction.hasEnded }?.id.rawValue
    return PropertyForm(
      "webhook replay", title: "Send deliveries", action: "send the deliveries",
      inputs: [
        InputField(
          name: "address", description: "Where they go, such as http://localhost:3000/webhook.",
          kind: .text(TextRules(minLength: 1)), isRequired: true),
        InputField(
          name: "prediction", description: "The ID of the prediction, which you can copy with y.",
          kind: .text(TextRules(minLength: 1)), isRequired: true,
          defaultValue: latest.map { .string($0) }),
      ]
        + Self.events.map { field, _ in
          InputField(
            name: field, description: "Send the deliveries of this event.", kind: .boolean,
            defaultValue: true)
        },
      about: { Self.about($0.payload) },
      check: { values in
        guard let problem = WebhookAddress.problem(of: values["address"]?.string ?? "") else {
          return []
        }
        return [("address", problem)]
      },
      question: { values in
        guard let address = try? WebhookAddress(values["address"]?.string ?? ""),
          address.needsQuestion
        else { return nil }
        return "\(address.host) isn’t this machine. The prediction’s input and output go there, "
          + "signed as if Replicate had sent them."
      },
      send: { [weak self] values throws(ReplicateError) in
        let id = Prediction.ID(
          String((values["prediction"]?.string ?? latest ?? "").trimmingBlanks()))
        let prediction = try await session.client.send(.prediction(id))
        let secret = try await session.client.send(.webhookSecret)
        let events = Self.events.filter { values[$0.field]?.bool ?? true }.map(\.event)
        guard !events.isEmpty else { throw Self.invalid("completed", "choose at least one event") }
        let address: WebhookAddress
        do {
          address = try WebhookAddress(values["address"]?.string ?? "")
        } catch {
          throw Self.invalid("address", "\(error)")
        }
        let replay = WebhookReplay(of: prediction, events: events)
        self?.send(replay, to: address, secret)
        let count = replay.deliveries.count
        return PropertyForm.Sent(
          notice: "\(count) \(count == 1 ? "delivery is" : "deliveries are") being sent to "
            + "\(address.host).")
      })
  }

  private static func about(_ values: JSONObject) -> [DetailBlock] {
    var blocks: [DetailBlock] = [
      .heading("Deliveries, once more"), .blank,
      .text(
        "Replicate can’t be asked to send a delivery again. This makes the deliveries of a prediction "
          + "here, with the same body and signed with the account’s secret, so that a receiver can be "
          + "tried without a run."), .blank,
    ]
    if let address = try? WebhookAddress(values["address"]?.string ?? "") {
      blocks.append(
        .fact(
          name: "goes to",
          value: address.needsQuestion
            ? "\(address.host), which isn’t this machine" : "\(address.host), this machine"))
      blocks.append(.blank)
    }
    return blocks + [
      .text(
        "Redirects aren’t followed, by Replicate neither: a delivery that is redirected is lost.")
    ]
  }

  /// Sends the deliveries one after another, a row each.
  private func send(_ replay: WebhookReplay, to address: WebhookAddress, _ secret: WebhookSecret) {
    let poster = WebhookPoster(transport: makeTransport(), time: session.time)
    activity.start("replay") { [session, weak self] in
      var lost = 0
      for delivery in replay.deliveries {
        guard let self, !Task.isCancelled else { return }
        let number = add { number in
          Row(
            id: number,
            event: [delivery.event.rawValue, delivery.share].compactMap(\.self)
              .joined(separator: " "), address: address.url,
            prediction: delivery.prediction.id.rawValue, at: session.runs.serviceNow,
            kind: .sent(nil))
        }
        guard let outcome = await poster.post(delivery, to: address, secret: secret) else { return }
        update(number, .sent(outcome))
        if outcome.verdict != .delivered { lost += 1 }
      }
      guard !Task.isCancelled else { return }
      let all = replay.deliveries.count
      session.host?.notify(
        lost == 0
          ? Notice(.done, "All \(all) deliveries were taken.")
          : Notice(.failed, "\(lost) of \(all) deliveries weren’t taken. See Webhooks."))
    }
  }
}
