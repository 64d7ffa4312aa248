/// The people, places and things in the stories.
enum Vocabulary {
  static let people = [
    "Ottilie/she", "Marten/he", "Ines/she", "Jonah/he", "Wilhelmina/she", "Tobias/he", "Agnes/she",
    "Casimir/he", "Pearl/she", "Anselm/he", "Beatrix/she", "Emil/he",
  ]
  static let trades = [
    "a mender of clocks", "a keeper of bees", "a teacher of arithmetic", "a binder of books",
    "a tuner of pianos", "a baker who rose at three", "a surveyor of footpaths",
    "a clerk at the tide office", "a maker of kites", "a gardener of the public squares",
  ]
  static let places = [
    "Saltmarsh/the streets end in the sea", "Lower Wick/every house has two front doors",
    "Harrow Quay/the gulls know everyone by name", "Tallow Hill/it rains on Thursdays",
    "Nine Bridges/there are, by all counts, eight",
    "the village of Ember/the chimneys smoke all summer",
    "Port Lumen/the lamps are never put out", "Quiet Cross/the church bell has no clapper",
  ]
  static let objects = [
    "a clock that ran eleven minutes slow", "a brass compass that pointed at the kettle",
    "a jar of green sea glass", "a radio with one good station", "a map with a corner missing",
    "a music box that knew half a waltz", "a barometer stuck at Change",
    "a photograph of somebody else's family",
  ]
  static let visitors = [
    "a girl in a yellow raincoat", "a retired sea captain", "a postman with an empty bag",
    "a woman who said that she mended bells", "a man with a folded ladder",
    "a student of minor rivers", "a very tall stranger with a very small dog",
  ]
  static let seasons = ["early spring", "late autumn", "midsummer", "the first frost", "the thaw"]
  static let weathers = ["gray", "bright", "windless", "foggy", "rinsed and shining", "bitter"]
  static let landmarks = [
    "the shuttered ice-cream kiosk", "the bridge that nobody had finished",
    "the orchard behind the railway", "the last lamp post", "the boatyard",
    "the field where the circus used to winter", "the old signal box", "the quarry pond",
    "the house with the blue gate",
  ]
}
