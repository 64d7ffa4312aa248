import ReplicateAPI
import TerminalKit

/// Formats numbers, times, and states for display.
enum Formatting {
  /// 312, 4.2k, 312M.
  static func count(_ number: Int) -> String {
    let number = max(0, number)
    func scaled(_ unit: Double, _ suffix: String) -> String {
      let value = Double(number) / unit
      let tenths = Int(clamping: value * 10)
      return tenths < 100 && tenths % 10 != 0
        ? "\(tenths / 10).\(tenths % 10)\(suffix)" : "\(tenths / 10)\(suffix)"
    }
    switch number {
    case 1_000_000_000...: return scaled(1e9, "B")
    case 1_000_000...: return scaled(1e6, "M")
    case 1_000...: return scaled(1e3, "k")
    default: return "\(number)"
    }
  }

  /// A duration: 0.8 s, 12 s, 3 min 05 s, 2 h 10 min.
  static func duration(_ seconds: Double) -> String {
    let seconds = plausible(seconds)
    let whole = Int(clamping: seconds)
    switch whole {
    case ..<10:
      let tenths = Int(clamping: seconds * 10)
      return "\(tenths / 10).\(tenths % 10) s"
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min \(padded(whole % 60)) s"
    case ..<(100 * 3600): return "\(whole / 3600) h \(padded(whole / 60 % 60)) min"
    case ..<(100 * 86_400): return "\(whole / 86_400) d \(whole / 3600 % 24) h"
    default: return "\(whole / 86_400) d"
    }
  }

  /// A duration without fractions, for counters that tick once a second.
  static func ticking(_ seconds: Double) -> String {
    let seconds = plausible(seconds)
    return seconds < 10 ? "\(Int(clamping: seconds)) s" : duration(seconds)
  }

  /// The number of whole seconds until a moment, at least one.
  static func seconds(until moment: ContinuousClock.Instant) -> Int {
    let left = moment - .now
    return max(1, Int(clamping: (left / .seconds(1)).rounded(.up)))
  }

  /// How long ago something was: now, 40 s, 5 min, 3 h, 2 d, 4 mo, 2 y.
  static func age(_ seconds: Double) -> String {
    let whole = Int(clamping: plausible(seconds))
    switch whole {
    case ..<5: return "now"
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min"
    case ..<86_400: return "\(whole / 3600) h"
    case ..<(60 * 86_400): return "\(whole / 86_400) d"
    case ..<(730 * 86_400): return "\(whole / (30 * 86_400)) mo"
    default: return "\(whole / (365 * 86_400)) y"
    }
  }

  /// The seconds until ``age(_:)`` says something else. Nil if that takes days.
  static func untilNextAge(_ seconds: Double) -> Double? {
    let seconds = max(0, seconds)
    switch seconds {
    case ..<5: return 5 - seconds
    case ..<60: return 1 - seconds.truncatingRemainder(dividingBy: 1)
    case ..<3600: return 60 - seconds.truncatingRemainder(dividingBy: 60)
    case ..<86_400: return 3600 - seconds.truncatingRemainder(dividingBy: 3600)
    case ..<(60 * 86_400): return 86_400 - seconds.truncatingRemainder(dividingBy: 86_400)
    default: return nil
    }
  }

  /// A size: 812 B, 4.2 kB, 31 MB.
  static func bytes(_ count: Int) -> String {
    let count = max(0, count)
    guard count >= 1000 else { return "\(count) B" }
    let text = Self.count(count)
    return "\(text.dropLast()) \(text.hasSuffix("B") ? "G" : text.suffix(1))B"
  }

  /// The day of a timestamp, as the service wrote it.
  static func day(_ stamp: Timestamp?) -> String {
    stamp.map { String($0.text.prefix(10)) } ?? ""
  }

  /// 58 % of 0.58.
  static func percent(_ fraction: Double) -> String {
    "\(Int(clamping: (fraction * 100).rounded())) %"
  }

  static func milliseconds(_ duration: Duration) -> Int {
    Int(clamping: duration / .milliseconds(1))
  }

  /// Between zero and some three thousand years, whatever a service's clock says.
  private static func plausible(_ seconds: Double) -> Double {
    seconds.isFinite ? min(max(0, seconds), 1e11) : 0
  }

  private static func padded(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}

extension Prediction.Status {
  /// A one-cell symbol for the state, so that it doesn't depend on color.
  func mark(ascii: Bool) -> String {
    switch self {
    case .starting: ascii ? "." : "◌"
    case .processing: ascii ? ">" : "▶"
    case .succeeded: ascii ? "+" : "✔"
    case .failed: ascii ? "x" : "✘"
    case .canceled: ascii ? "-" : "■"
    case .aborted: ascii ? "-" : "□"
    case .unknown: "?"
    }
  }

  var style: Style {
    switch self {
    case .starting: .waiting
    case .processing: .running
    case .succeeded: .success
    case .failed: .failure
    case .canceled, .aborted: .canceled
    case .unknown: .warning
    }
  }
}
