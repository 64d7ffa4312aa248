import TerminalKit
import ViewModels

/// What was measured for the last frame of a form. A form can have thousands of fields, of which a
/// key changes one.
@MainActor
final class FormLayoutCache {
  /// The widths of a field's parts, in columns.
  struct Measures {
    /// The name with its star.
    var name: Int
    var hint: Int
    var isSmall: Bool
  }

  /// The rows of the long text being edited.
  let text = TextRowCache()

  private var fields: [Kept] = []

  private struct Kept {
    var stamp: Int
    var measures: Measures
    /// The field's rows while it isn't in focus, and what else they depend on.
    var resting: (frame: FormLayout.Frame, item: FormLayout.Item)?
    /// How these rows look, and what else that depends on.
    var look: (frame: FormLayout.Frame, isASCII: Bool, cells: [Cell])?
  }

  /// Reports the measures of the visible fields. Measures those that have changed.
  func measure(
    _ fields: [FormField], _ visible: [Int], _ widths: WidthTable, _ report: (Measures) -> Void
  ) {
    if self.fields.count != fields.count {
      self.fields = fields.map { Kept(stamp: $0.stamp, measures: Self.measures(of: $0, widths)) }
    }
    for index in visible {
      if self.fields[index].stamp != fields[index].stamp {
        self.fields[index] = Kept(
          stamp: fields[index].stamp, measures: Self.measures(of: fields[index], widths))
      }
      report(self.fields[index].measures)
    }
  }

  /// The rows of a field that isn't in focus, counted from 0.
  func restingItem(
    _ index: Int, _ frame: FormLayout.Frame, _ make: () -> FormLayout.Item
  ) -> FormLayout.Item {
    if let kept = fields[index].resting, kept.frame == frame { return kept.item }
    let item = make()
    fields[index].resting = (frame, item)
    return item
  }

  /// Draws the rows of a field that isn't in focus as they were drawn before. Returns false if they
  /// have changed.
  func redraw(
    _ index: Int, _ frame: FormLayout.Frame, isASCII: Bool, on canvas: inout Canvas, in rect: Rect
  ) -> Bool {
    guard let look = fields[index].look, look.frame == frame, look.isASCII == isASCII,
      look.cells.count == rect.width * rect.height
    else { return false }
    canvas.put(look.cells, in: rect)
    return true
  }

  /// Keeps how the rows of a field that isn't in focus look.
  func keep(
    _ index: Int, _ frame: FormLayout.Frame, isASCII: Bool, from canvas: Canvas, in rect: Rect
  ) {
    fields[index].look = (frame, isASCII, canvas.cells(in: rect))
  }

  private static func measures(of field: FormField, _ widths: WidthTable) -> Measures {
    Measures(
      name: TextLayout.width(of: field.name, widths) + (field.isRequired ? 1 : 0),
      hint: TextLayout.width(of: field.hint, widths), isSmall: FormLayout.isSmall(field))
  }
}
