import ReplicateAPI

extension DemoModel {
  static let nameMaker = DemoModel(
    id: ModelID(owner: "inkwell", name: "name-maker"),
    description: "Invents names for villages, ships and teas, one after another",
    runCount: 870_145,
    readme: """
      # Name maker

      Learns from a short list which letters follow each other, and makes up new names with the \
      same habits (a Markov chain over pairs of letters). Names that are already in the list are \
      discarded.

      The output is a list that grows while the model works.
      """,
    versions: .history(
      of: ModelID(owner: "inkwell", name: "name-maker"), cog: "0.16.2",
      "2026-05-31T16:20:00.62Z", "2025-11-11T11:11:11.11Z"),
    schema: .openAPI(
      [
        .choice("kind", "What to name.", ["village", "ship", "tea"], default: "village"),
        .integer("count", "How many names to invent.", default: 8, 1...40),
        .text("initial", "The first letter.", maxLength: 1, pattern: "^[A-Za-z]?$")
          .nullable(),
        .integer("seed", "The same seed gives the same names.").nullable(),
      ],
      .other([
        "type": "array", "items": ["type": "string"], "title": "Output",
        "x-cog-array-type": "iterator",
      ])),
    exampleInput: ["kind": "village", "count": 8, "seed": 12],
    run: { job in
      let seed = await job.chosenSeed()
      var random = SeededRandom(job.text("kind"), seed)
      let chain = NameChain(NameChain.lists[job.text("kind")] ?? [])
      var names: Set<String> = []
      for _ in 0..<job.integer("count", or: 8) {
        try await job.work(0.35)
        guard let name = chain.name(initial: job.text("initial"), excluding: names, &random) else {
          await job.log("There are no more names like these.\n")
          break
        }
        names.insert(name)
        await job.append(.string(name))
      }
      if names.isEmpty { await job.output([]) }
    })
}

private struct NameChain {
  private var followers: [String: [Character]] = [:]
  private var beginnings: [String] = []
  private let known: Set<String>

  init(_ names: [String]) {
    known = Set(names.map { $0.lowercased() })
    for name in known.sorted() {
      let letters = Array(name)
      beginnings.append(String(letters.prefix(2)))
      for index in 2...letters.count {
        let key = String(letters[(index - 2)..<index])
        followers[key, default: []].append(index < letters.count ? letters[index] : ".")
      }
    }
  }

  /// A new name; nil if a few hundred attempts find none.
  func name(initial: String, excluding others: Set<String>, _ random: inout SeededRandom) -> String?
  {
    let wanted = initial.lowercased()
    let starts = beginnings.filter { wanted.isEmpty || $0.hasPrefix(wanted) }
    for _ in 0..<400 where !starts.isEmpty {
      var name = random.pick(starts)
      while name.count < 14 {
        guard let next = random.pick(followers[String(name.suffix(2))] ?? []), next != "." else {
          break
        }
        name.append(next)
      }
      let finished = name.capitalizedFirst
      if (5...11).contains(name.count), !known.contains(name), !others.contains(finished) {
        return finished
      }
    }
    return nil
  }

  static let lists: [String: [String]] = [
    "village": words(
      """
      Ashby Barton Bexley Bramley Burnham Calverton Chesham Denby Eastleigh Elmstead \
      Farnham Grantham Hadleigh Harwick Kelling Lambourne Langley Marlow Melton Morpeth \
      Norham Oakley Penrith Ramsey Rothbury Saltburn Selby Stanhope Thornbury Tilbury \
      Wadebridge Whitby Winterton Yarmouth
      """),
    "ship": words(
      """
      Adventure Albatross Amaranth Aurora Bellerophon Calypso Cassandra Cormorant Demeter \
      Endeavour Esperance Fortitude Halcyon Harmonia Intrepid Leander Mariana Meridian \
      Minerva Nautilus Orontes Pandora Perseverance Resolute Serena Terpsichore Valiant \
      Venturer
      """),
    "tea": words(
      """
      Assam Bergamot Cardamom Ceylon Chamomile Darjeeling Genmaicha Gunpowder Gyokuro \
      Hibiscus Honeybush Jasmine Keemun Lapsang Lavender Matcha Nilgiri Oolong Orange \
      Peppermint Rooibos Rosehip Sencha Silver Verbena Yunnan
      """),
  ]

  private static func words(_ text: String) -> [String] {
    text.split(separator: " ").map(String.init)
  }
}
