import Testing

@testable import scoresweep

// Seen to fail: only .build counted as a build folder.

@Test func theCheckoutStandsBeforeTheBuildFolderOfAnyInstructionSet() {
  #expect(Machine.checkout(of: "/a/b/.build/x86_64-unknown-linux-gnu/release/scoresweep") == "/a/b")
  #expect(Machine.checkout(of: "/a/b/.build-native/release/scoresweep") == "/a/b")
  #expect(Machine.checkout(of: "/usr/local/bin/scoresweep") == nil)
  #expect(Machine.checkout(of: "/a/.builder/scoresweep") == nil)
}
