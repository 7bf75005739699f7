import ArgumentParser
import Foundation
import LoadTests

/// An origin for tests of an edge.
struct StandIn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stand-in-origin",
        abstract: "A live stream, videos and a catalog of known bytes, with faults on demand."
    )

    @Option(help: "Port on 127.0.0.1; 0: any.")
    var port = 8081

    @Option(help: "Media seconds of the live stream in a second of the clock.")
    var speed = 1.0

    @Option(help: "Length of the live stream's parts, media seconds.")
    var partSeconds = 1.0

    @Option(help: "Bits per second of the live stream.")
    var liveBits = 200_000

    @Option(help: "Number of videos.")
    var videos = 8

    @Option(help: "Segments of four seconds in each video.")
    var videoSegments = 15

    @Option(help: "Bits per second of the videos' renditions, with commas between.")
    var videoBits = "400000,1500000"

    @Option(help: "Event loops.")
    var threads = 1

    func validate() throws {
        guard (0...65535).contains(port), speed > 0, speed <= 100, partSeconds >= 0.1,
            partSeconds <= 10, (1...100_000_000).contains(liveBits),
            (1...10_000).contains(videos), (1...10_000).contains(videoSegments),
            (1...16).contains(threads)
        else { throw ValidationError("an option is out of its range") }
    }

    func run() async throws {
        Process.raiseFileLimit()
        var options = StandInOptions()
        options.speed = speed
        options.partSeconds = partSeconds
        options.liveBitsPerSecond = liveBits
        options.videos = videos
        options.videoSegments = videoSegments
        options.threads = threads
        options.videoBitsPerSecond = try videoBits.split(separator: ",").map { text in
            guard let bits = Int(text), (1...1_000_000_000).contains(bits) else {
                throw ValidationError("--video-bits: '\(text)' is no bit rate")
            }
            return bits
        }
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        let origin = try await StandInOrigin(options, port: port, epochMilliseconds: now)
        Output.write("listening on http://127.0.0.1:\(origin.port)\n")
        try await origin.wait()
    }
}
