import ArgumentParser

/// The program: `edge serve`, `edge check`, `edge purge`, `edge sign`.
@main
struct Edge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edge",
        abstract: "A region's cache in front of the origin.",
        subcommands: [Serve.self, Check.self, Purge.self, Sign.self]
    )
}
