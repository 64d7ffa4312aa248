import ReplicateAPI
import Running

extension Browser {
  /// What a command does while something lies over the panes. False: it is meant for the panes.
  func performInOverlay(_ command: Command) -> Bool {
    switch overlay {
    case .help: return performInHelp(command)
    case .confirmation(let question): return perform(command, in: question)
    case .goTo(let text, _): return perform(command, inGoTo: text)
    case .token(let text, _): return perform(command, inToken: text)
    case nil: return false
    }
  }

  private func performInHelp(_ command: Command) -> Bool {
    switch command {
    case .back, .help, .quit:
      overlay = nil
    case .edit(let edit): help.edit(edit)
    case .move(let movement): help.move(movement)
    case .choose(let row): help.select(row)
    default: break
    }
    return true
  }

  private func perform(_ command: Command, in question: Confirmation) -> Bool {
    var question = question
    let count = question.choices.count
    switch command {
    case .back, .quit:
      overlay = nil
    case .nextChoice, .focusNext:
      question.focused = (question.focused + 1) % count
      overlay = .confirmation(question)
    case .previousChoice, .focusPrevious:
      question.focused = (question.focused + count - 1) % count
      overlay = .confirmation(question)
    case .accept, .open:
      answer(question.choices[question.focused].action)
    case .choose(let index) where question.choices.indices.contains(index):
      answer(question.choices[index].action)
    default: break
    }
    return true
  }

  private func answer(_ action: Confirmation.Action) {
    overlay = nil
    switch action {
    case .nothing: break
    case .cancelPrediction(let id): cancel(id)
    case .launchAgain: launch(evenIfIdentical: true)
    case .quit: isFinished = true
    case .cancelAllAndQuit: cancelAllAndQuit()
    }
  }

  private func perform(_ command: Command, inGoTo text: TextBuffer) -> Bool {
    var text = text
    switch command {
    case .back:
      overlay = nil
    case .edit(let edit):
      _ = text.apply(edit)
      overlay = .goTo(text, problem: nil)
    case .accept, .open:
      if let address = Address(text.text) {
        overlay = nil
        open(address)
      } else if !text.text.isEmpty {
        overlay = .goTo(
          text, problem: "Not an address: try owner/name, p/ID or a replicate.com address.")
      }
    default: break
    }
    return true
  }

  private func perform(_ command: Command, inToken text: TextBuffer) -> Bool {
    var text = text
    switch command {
    case .back:
      overlay = nil
    case .edit(let edit):
      _ = text.apply(edit)
      overlay = .token(text, problem: nil)
    case .accept, .open, .run:
      let token = String(text.text.trimmingBlanks())
      guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        overlay = .token(text, problem: "A token is one word of letters, digits and signs.")
        return true
      }
      overlay = nil
      use(token: token)
      if command == .run { save(token) }
    default: break
    }
    return true
  }

  private func save(_ token: String) {
    do {
      let place = try desktop.saveToken(token)
      notice = Notice(.done, "The token is kept in \(place), which only you can read.")
    } catch {
      notice = Notice(.failed, error.message)
    }
  }
}
