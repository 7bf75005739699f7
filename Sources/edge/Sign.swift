import ArgumentParser
import EdgeServer
import Platform

/// `edge sign`: makes a signed address, for trying and for scripts.
struct Sign: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes an address that opens a path until it expires."
    )

    @Argument(help: "The address to open, such as /videos/id/hls/master.m3u8.")
    var path: String

    @Option(help: "All below this is opened too. Default: the first two segments of the address.")
    var prefix: String?

    @Option(help: "For how many seconds.")
    var seconds: Int = 3600

    @Option(help: "Only from this client's network.")
    var client: String?

    @Option(help: "The viewer's id, for logs and limits.")
    var viewer: String?

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        var values = try options.values()
        let configuration = try EdgeConfiguration(&values)
        do {
            StandardStreams.output(
                try SignedAddress.make(
                    .init(
                        path: path,
                        prefix: prefix,
                        expiresAt: WallClock.unixSeconds() + Int64(seconds),
                        client: client,
                        viewer: viewer
                    ),
                    keys: configuration.access.keys
                ) + "\n"
            )
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
