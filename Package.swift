// swift-tools-version: 6.0
import PackageDescription

// The instruction set of the modules with SIMD code. `MARCH=native make build` takes all that this machine has,
// MARCH=x86-64 what every x86-64 CPU has; other architectures build with their baseline. All other modules are
// built for any CPU, so that the program can say what an older one lacks before a kernel runs.
#if arch(x86_64)
  let march = Context.environment["MARCH"].flatMap { $0.isEmpty ? nil : $0 } ?? "x86-64-v3"
  let simd: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=\(march)"])]
#else
  let simd: [SwiftSetting] = []
#endif

/// A library module of ours.
func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = []
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one module: they may use it, what it uses, and TestSupport.
func tests(_ name: String, _ dependencies: [Target.Dependency] = [], data: [String] = [])
  -> Target
{
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies,
    exclude: data, swiftSettings: name == "Kernels" ? simd : [])
}

let package = Package(
  name: "scoresweep",
  products: [.executable(name: "scoresweep", targets: ["scoresweep"])],
  dependencies: [
    // Commands, help pages and shell completions; nothing else of the program sees it.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // libhdf5 as the system has it, with a shim for the macros that Swift cannot see.
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    // Files, groups, datasets, attributes and dimension scales as Swift values; the one lock around libhdf5.
    module("HDF5", ["CHDF5"]),
    // zlib as the system has it, which libhdf5 needs too.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // Files that gzip compressed.
    module("Gzip", ["CZlib"]),
    // SIMD over raw buffers: matrix product, elementwise functions, reductions.
    module("Kernels", ["CCPU"], simd),
    // cpuid, and the vector operations that Swift runs lane by lane.
    .target(name: "CCPU"),
    // A last word of a process that a signal brings down.
    .target(name: "CCrash"),
    // Which of the kernels' instructions this CPU lacks; built without the flag, so that it runs on any.
    .target(name: "CPUCheck", dependencies: ["CCPU", "Kernels"]),
    // Counter-based random numbers and named streams.
    module("Randomness", [], simd),
    // The differentiable tensor-expression language.
    module("Expressions"),
    // Expressions compiled to programs, and the naive interpreter they are checked against.
    module("Execution", ["Expressions", "Kernels", "Randomness"], simd),
    // What an experiment can say.
    module("Settings"),
    // Losses, models, targets, metrics, optimisers: the mathematics.
    module("ScoreMatching", ["Expressions", "Randomness", "Settings"]),
    // Experiment file to plan of trials, with diagnostics.
    module("Planning", ["Settings"]),
    // What trials produced, and the HDF5 store that keeps it.
    module("Results", ["HDF5", "Settings"]),
    // Trial to record; the parallel runner; resume; the catalogue of all settings.
    module(
      "Experiments",
      [
        "CCrash", "Execution", "Expressions", "Gzip", "HDF5", "Kernels", "Planning", "Randomness",
        "Results", "ScoreMatching", "Settings",
      ]),
    // Records to tables.
    module("Reports", ["Planning", "Results", "Settings"]),
    // The commands: words and exit codes.
    .executableTarget(
      name: "scoresweep",
      dependencies: [
        "CPUCheck", "Experiments", "Planning", "Reports", "Results", "Settings",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .target(name: "TestSupport", path: "Tests/TestSupport"),
    // Counts allocations, reference counts and access checks of a piece of code under test.
    .target(name: "CRuntimeCounts", path: "Tests/CRuntimeCounts"),
    tests("HDF5", ["CHDF5"]), tests("Gzip"), tests("Kernels", ["CCPU"]), tests("Randomness"),
    tests("CPUCheck", ["CCPU"]),
    tests("Expressions", ["Execution"]),
    tests("Execution", ["CRuntimeCounts", "Expressions", "Kernels", "Randomness"]),
    tests("Settings"),
    tests("ScoreMatching", ["Execution", "Expressions", "Randomness", "Settings"]),
    tests("Planning", ["Settings"], data: ["Snapshots"]),
    tests("Results", ["HDF5", "Settings"]),
    tests(
      "Experiments",
      [
        "Execution", "Expressions", "HDF5", "Planning", "Randomness", "Results", "ScoreMatching",
        "Settings",
      ],
      data: ["Snapshots"]),
    tests("Reports", ["Planning", "Results", "Settings"], data: ["Snapshots"]),
    tests("scoresweep", ["CPUCheck", "Experiments", "Kernels"]),
  ],
  swiftLanguageModes: [.v6]
)
