extension Endpoint where Response == [Hardware] {
  /// The kinds of machine; the one list without pages.
  public static var hardware: Self {
    Endpoint(.listHardware) { (bytes) throws(JSONSyntaxError) -> [Hardware] in
      try JSONReader.read(bytes) { (reader) throws(JSONSyntaxError) -> [Hardware] in
        try Page<Hardware>(from: &reader).results
      }
    }
  }
}
