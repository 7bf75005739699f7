import ArgumentParser
import EdgeServer
import Platform

/// `edge purge`: removes from the tiers of a running edge.
struct Purge: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Removes an address or all that has a tag from the edge's tiers.",
        discussion: """
            WHAT is an address (/videos/id/hls/master.m3u8 or a URL), the beginning of addresses with \
            * behind it (/videos/id/*), a tag that the origin gives (video-id), or * for everything.
            """
    )

    @Argument(help: "An address, a beginning with *, a tag, or *.")
    var what: String

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "HOST:PORT of the edge's operator listener.")
    var admin: String?

    func run() throws {
        var values = try options.values()
        values.override("admin.listen", admin)
        let address = try values.address("admin.listen", default: "127.0.0.1:9091")
        do {
            StandardStreams.output(try AdminClient.purge(what, at: address))
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
