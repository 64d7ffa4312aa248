import ReplicateAPI
import Testing

@Suite struct `Time stamps` {
  @Test(arguments: [
    ("2023-11-16T11:46:16Z", 1_700_135_176.0),
    ("2023-11-16T11:46:16.064900134Z", 1_700_135_176.064900134),
    ("2023-11-16T11:46:16.0649Z", 1_700_135_176.0649),
    ("2023-11-16T11:46:16.821Z", 1_700_135_176.821),
    ("2023-11-16T11:46:16.821000+00:00", 1_700_135_176.821),
    ("2023-11-16T13:46:16+02:00", 1_700_135_176.0),
    ("2023-11-16T06:16:16-0530", 1_700_135_176.0),
    ("2023-11-16T09:46:16-02", 1_700_135_176.0),
    ("2023-11-16 11:46:16", 1_700_135_176.0),
    ("2023-11-16T11:46Z", 1_700_135_160.0),
    ("2023-11-16", 1_700_092_800.0),
    ("1970-01-01T00:00:00Z", 0.0),
    ("1969-12-31T23:59:59.5Z", -0.5),
    ("2000-02-29T12:00:00Z", 951_825_600.0),
    ("2024-12-31T23:59:60Z", 1_735_689_600.0),
  ])
  func `times are read with any precision and zone`(text: String, seconds: Double) throws {
    let timestamp = Timestamp(text)
    #expect(timestamp.text == text)
    let read = try #require(timestamp.secondsSince1970)
    #expect(abs(read - seconds) < 0.000_001)
  }

  @Test(arguments: 0...9)
  func `none to nine digits of a fraction are read`(digits: Int) throws {
    let fraction = digits == 0 ? "" : "." + String("123456789".prefix(digits))
    let read = try #require(Timestamp("1970-01-01T00:00:01\(fraction)Z").secondsSince1970)
    #expect(abs(read - (1 + (Double("0" + fraction) ?? 0))) < 0.000_000_01)
  }

  @Test(arguments: [
    "", "now", "2023", "2023-11", "2023-13-01", "2023-11-32", "2023-11-16T", "2023-11-16T11",
    "2023-11-16T11:46:16.Z", "2023-11-16T11:46:16X", "2023-11-16T11:46:16Zx",
    "2023-11-16T11:46:16+", "2023-11-16T11:46:16+1", "2023-11-16T11:61:16Z", "٢٠٢٣-11-16",
  ])
  func `what is no time keeps its text and has no seconds`(text: String) {
    #expect(Timestamp(text).secondsSince1970 == nil)
    #expect(Timestamp(text).text == text)
  }

  @Test(arguments: [
    0, 1, -1, 0.5, 951_782_400, 1_700_135_176.0649, 4_102_444_800, -2_208_988_800, 68_169_600,
  ])
  func `a time that is written is read again`(seconds: Double) throws {
    let read = try #require(Timestamp(secondsSince1970: seconds).secondsSince1970)
    #expect(abs(read - seconds) < 0.000_01)
    let text = Timestamp(secondsSince1970: seconds).text
    #expect(Timestamp(text) == Timestamp(secondsSince1970: read))
  }

  @Test(arguments: [
    1_764_036_000.000_001, 1_700_135_176.064901, -0.000_001, 0.999_999_9, 1_700_135_176.999_999_8,
    0x1.0f5c28f5c28f6p30, 8_589_934_591.999_999, 253_402_300_798.999_97, -62_135_596_799.5,
  ])
  func `a time that was printed and read is printed and read as it was`(seconds: Double) throws {
    let printed = Timestamp(secondsSince1970: seconds)
    #expect(Timestamp(printed.text) == printed)
    let read = try #require(printed.secondsSince1970)
    #expect(Timestamp(secondsSince1970: read) == printed)
    #expect(abs(read - seconds) <= max(0.000_000_6, seconds.ulp))
  }

  @Test func `times are written to the nearest microsecond`() {
    #expect(
      Timestamp(secondsSince1970: 1_700_135_176.064901).text == "2023-11-16T11:46:16.064901Z")
    #expect(Timestamp(secondsSince1970: 0.999_999_9).text == "1970-01-01T00:00:01.000000Z")
    #expect(Timestamp(secondsSince1970: -0.000_001).text == "1969-12-31T23:59:59.999999Z")
  }

  @Test func `a fraction of any length is read`() throws {
    let digits = String(repeating: "9", count: 400)
    let read = try #require(Timestamp("1970-01-01T00:00:01.\(digits)Z").secondsSince1970)
    #expect(abs(read - 2) < 0.000_000_1)
  }

  @Test func `times are written in UTC with microseconds`() {
    #expect(Timestamp(secondsSince1970: 0).text == "1970-01-01T00:00:00.000000Z")
    #expect(Timestamp(secondsSince1970: 951_827_696.25).text == "2000-02-29T12:34:56.250000Z")
    #expect(Timestamp(secondsSince1970: .infinity).text == "1970-01-01T00:00:00.000000Z")
  }

  @Test func `times are ordered whatever their precision`() {
    let times: [Timestamp] = [
      "2023-11-16T11:46:16.9Z", "never", "2023-11-16T11:46:16.064900134Z", "2023-11-16T11:46:16Z",
    ]
    #expect(
      times.sorted().map(\.text) == [
        "never", "2023-11-16T11:46:16Z", "2023-11-16T11:46:16.064900134Z",
        "2023-11-16T11:46:16.9Z",
      ])
  }
}
