import Testing

@testable import scoresweep

@Test func coloursAreForTerminalsOfUsersWhoWantThem() {
  let usual = ["TERM": "xterm-256color"]
  #expect(Terminal.showsColor(isTerminal: true, environment: usual))
  #expect(!Terminal.showsColor(isTerminal: false, environment: usual))
  #expect(!Terminal.showsColor(isTerminal: true, environment: ["TERM": "dumb"]))
  #expect(!Terminal.showsColor(isTerminal: true, environment: [:]))
  #expect(
    !Terminal.showsColor(isTerminal: true, environment: ["TERM": "xterm", "NO_COLOR": "1"]))
  #expect(Terminal.showsColor(isTerminal: true, environment: ["TERM": "xterm", "NO_COLOR": ""]))
}
