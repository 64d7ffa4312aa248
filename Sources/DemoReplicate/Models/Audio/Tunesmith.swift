import ReplicateAPI

extension DemoModel {
  static let tunesmith = DemoModel(
    id: ModelID(owner: "quietwave", name: "tunesmith"),
    description: "Plays a text as a tune: letters are notes, spaces extend them, commas are rests",
    runCount: 18_265_733,
    licenseURL: "https://choosealicense.com/licenses/mit/",
    readme: """
      # Tunesmith

      Every text has a tune in it. Tunesmith maps letters to the degrees of a scale over two \
      octaves, holds a note a little longer at the end of a word, rests at punctuation marks, and \
      returns to the tonic at the end. Capital letters are long notes.

      The instruments are synthesized on this machine: *pluck* is a Karplus–Strong string, *bell* \
      has inharmonic partials, and *flute* and *organ* are sums of sines. The output is a 16-bit \
      WAV file at 22,050 Hz.

      The same text always gives the same tune. Your own name is a good place to start.
      """,
    versions: .history(
      of: ModelID(owner: "quietwave", name: "tunesmith"), cog: "0.14.9",
      "2026-07-19T11:11:11.011Z", "2026-01-31T23:45:00.5Z", "2025-08-08T08:08:08Z"),
    schema: .openAPI(
      [
        .text("text", "The text to play.", default: "Row, row, row your boat.", minLength: 1),
        .choice(
          "instrument", "What to play it on.", ["pluck", "bell", "flute", "organ"],
          default: "pluck"),
        .choice(
          "scale", "The scale that the notes are taken from.", Tune.scales.map { .string($0.name) },
          default: "pentatonic"),
        .integer("tempo", "Beats per minute.", default: 132, 40...240),
        .number("max_seconds", "The maximum length in seconds.", default: 20, 1...60),
      ], .file),
    exampleInput: [
      "text": "Row, row, row your boat gently down the stream.", "instrument": "pluck",
    ],
    run: { job in
      let tempo = job.number("tempo", or: 132)
      let tune = Tune(text: job.text("text"), scale: job.text("scale"))
        .cut(to: job.number("max_seconds", or: 20) * tempo / 60)
      let instrument = Instrument(rawValue: job.text("instrument")) ?? .pluck
      await job.log("\(tune.notes.count) notes, \(Int(tempo)) beats per minute, \(instrument)\n")
      try await job.steps(tune.notes.count, label: "Playing", unit: "note", seconds: 4)
      let sound = instrument.play(tune, tempo: tempo)
      await job.metric(
        "audio_output_duration_seconds",
        .number(JSONNumber(sound.seconds.rounded(toDigits: 2))))
      await job.output(.string(await job.file(sound.file, name: "tune.wav", type: WAV.type)))
    })
}
