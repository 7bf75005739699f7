import ArgumentParser

/// The program: `origin serve`, `origin import`, `origin check`.
@main
struct Origin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "origin",
        abstract: "Packages videos just in time into HLS and DASH.",
        subcommands: [
            Serve.self, Import.self, Check.self, ImportChildCommand.self,
            ThumbnailChildCommand.self,
        ]
    )
}
