import ReplicateAPI

extension DemoModel {
  static let noteTranscriber = DemoModel(
    id: ModelID(owner: "quietwave", name: "note-transcriber"),
    description: "Transcribes the notes of a melody, with their names in the language you choose",
    runCount: 61_029_877,
    githubURL: "https://github.com/replicate/cog",
    readme: """
      # Note transcriber

      Listens to a WAV file and writes down what it hears: each note with its name, its frequency \
      and its start and end times. It looks for the period at which the sound repeats itself \
      (autocorrelation), so it only hears one voice at a time: chords confuse it, and speech makes \
      it guess.

      ## Languages

      Notes go by different names. An English B is a German *H*, an Italian *Si*, a Russian *Си* \
      and a Japanese *ロ*. Choose your language by its name or code. For languages whose note names \
      the model doesn't know, it uses letters.

      Without a file, it plays a short tune so that it has something to listen to. It works well \
      with the files of quietwave/tunesmith, best of all with the flute.
      """,
    versions: .history(
      of: ModelID(owner: "quietwave", name: "note-transcriber"), cog: "0.14.12",
      "2026-09-14T08:20:00.020Z", "2026-06-01T00:00:00.6Z"),
    schema: .openAPI(
      [
        .file("audio", "A WAV file. Leave it empty to use a tune that the model plays.")
          .nullable(),
        .choice(
          "language", "The language of the notes' names.",
          Languages.all.map { .string($0) }, default: "English"),
        .number(
          "shortest", "Ignore notes that are shorter than this many seconds.", default: 0.08,
          0.05...1),
      ],
      .object([
        ("transcription", ["type": "string"]), ("language", ["type": "string"]),
        ("duration", ["type": "number"]),
        (
          "segments",
          [
            "type": "array",
            "items": [
              "type": "object",
              "properties": [
                "start": ["type": "number"], "end": ["type": "number"],
                "note": ["type": "string"], "frequency": ["type": "number"],
              ],
            ],
          ]
        ),
      ])),
    exampleInput: ["language": "Italian"],
    coldStart: 0.8,
    run: { job in
      let sound: WAV
      if let address = job.address("audio") {
        sound = try WAV(file: try await job.read(address))
      } else {
        await job.log("No file given, so listening to a built-in tune\n")
        sound = Instrument.flute.play(
          Tune(text: "Ring the bells.", scale: "major"), tempo: 150, rate: 8000)
      }
      guard sound.seconds <= 120 else {
        throw DemoFailure(message: "The recording is longer than two minutes.")
      }
      await job.log("Listening to \(sound.seconds.fixed(1)) s at \(sound.rate.grouped) Hz\n")
      try await job.steps(
        max(1, Int(sound.seconds * 2)), label: "Listening", unit: "frame", seconds: 3)
      let names = NoteNames.of(job.text("language"))
      let shortest = job.number("shortest", or: 0.08)
      let notes = NoteFinder(sound: sound).notes().filter { $0.end - $0.start >= shortest }
      for note in notes {
        let times = "[\(note.start.fixed(2)) → \(note.end.fixed(2))]"
        await job.log("\(times)  \(names.name(note.pitch))\n")
      }
      await job.output([
        "transcription": .string(notes.map { names.name($0.pitch) }.joined(separator: " ")),
        "language": .string(Languages.name(job.text("language"))),
        "duration": .number(JSONNumber(sound.seconds.rounded(toDigits: 2))),
        "segments": .array(
          notes.map { note in
            [
              "start": .number(JSONNumber(note.start.rounded(toDigits: 3))),
              "end": .number(JSONNumber(note.end.rounded(toDigits: 3))),
              "note": .string(names.name(note.pitch)),
              "frequency": .number(JSONNumber(note.frequency.rounded(toDigits: 1))),
            ]
          }),
      ])
    })
}
