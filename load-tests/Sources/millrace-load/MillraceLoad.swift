import ArgumentParser

/// The program: crowds of players, and an origin that stands in for the real one.
@main
struct MillraceLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "millrace-load",
        abstract: "Brings crowds of players to a server on this machine and checks every byte.",
        subcommands: [
            VODCrowd.self, LiveCrowd.self, FlashCrowd.self, APIBrowse.self, Soak.self,
            StandIn.self, HLSCheckCommand.self,
        ]
    )
}
