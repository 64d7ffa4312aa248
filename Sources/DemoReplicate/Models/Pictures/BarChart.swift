import ReplicateAPI

extension DemoModel {
  static let barChart = DemoModel(
    id: ModelID(owner: "inkwell", name: "chart"),
    description: "Draws a list of numbers as a bar or line chart, in SVG",
    runCount: 2_045_390,
    readme: """
      # Chart

      Draws a list of numbers as an SVG chart: bars, or a line with a dot at each value. The \
      scale ends at a round number, negative values go below the axis, and labels are placed \
      under the values in order.

      SVG is text, so the file is small, sharp at any size, and easy to change by hand.
      """,
    versions: .history(
      of: ModelID(owner: "inkwell", name: "chart"), cog: "0.16.0",
      "2026-04-01T12:00:00.000Z", "2025-12-24T18:24:12.6Z"),
    schema: .openAPI(
      [
        .list("values", "The numbers to draw.", of: ["type": "number"], count: 1...60).required(),
        .list("labels", "Labels below the values.", of: ["type": "string"], default: []),
        .text("title", "The title above the chart.", default: "", maxLength: 80),
        .inlineChoice("kind", "How to draw the values.", ["bars", "line"], default: "bars"),
        .text(
          "color", "A color such as #2f6f8f.", default: "#2f6f8f",
          pattern: "^#[0-9a-fA-F]{6}$"),
      ], .file),
    exampleInput: [
      "values": [3, 7, 12, 18, 24, 29, 31, 30, 23, 16, 8, 4],
      "labels": [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
        "Dec",
      ],
      "title": "Days of sun in Saltmarsh",
    ],
    run: { job in
      let chart = Chart(
        values: (job.input["values"]?.array ?? []).compactMap(\.double),
        labels: (job.input["labels"]?.array ?? []).compactMap(\.string),
        title: job.text("title"), color: job.text("color"), isLine: job.text("kind") == "line")
      try await job.steps(chart.values.count, label: "Drawing", unit: "value", seconds: 1.5)
      let address = await job.file(
        Array(chart.svg.utf8), name: "chart.svg", type: "image/svg+xml")
      await job.output(.string(address))
    })
}
