import Foundation
import Synchronization
import TestSupport
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A process of `origin serve` that encoders push to.
final class LiveOrigin: Sendable {
    struct Answer: Sendable {
        var status: Int
        var text: String
    }

    /// The part of a stream's `status` that tests look at.
    struct Status: Decodable, Sendable {
        struct Track: Decodable, Sendable {
            var id: String
            var width: Int?
        }
        struct Publisher: Decodable, Sendable {
            var role: String
        }

        var phase: String
        var tracks: [Track]
        var publisher: Publisher?
        var publishes: Int
        var frameRate: Double
        var timestampJumps: Int
        var droppedFrames: Int
        var waitingRequests: Int
        var recording: String?
        var recordingComplete: Bool?
        var recordingProblem: String?
        var lowLatencyOff: String?
    }

    /// Where its folders are; outlives the process, so that another one can go on there.
    let folder: TemporaryFolder
    private let process: RunningProgram
    private let media: String
    private let admin: String
    private let seat: Mutex<Seat?>
    let rtmpPort: Int
    /// Of the listener for players.
    let mediaPort: Int

    /// Starts it, and returns when it listens.
    ///
    /// - Parameters:
    ///   - live: options below `live`, in YAML's flow style; thumbnails are off.
    ///   - folder: another origin's, to go on where that stopped.
    ///   - wrapper: the program and its arguments that run the origin in its place.
    /// - Throws: where it does not come to listen.
    init(
        _ live: String = "",
        in folder: TemporaryFolder? = nil,
        wrapper: [String] = []
    ) async throws {
        seat = Mutex(await Seat.take())
        self.folder = try folder ?? TemporaryFolder()
        let file = self.folder.path("origin.yaml")
        try Self.write(live, to: file)
        var words = wrapper
        words += [
            try Checkout.origin(), "serve", "--config", file,
            "--data", self.folder.path("disk/data"), "--media", self.folder.path("disk/library"),
        ]
        for listener in ["--api", "--media-listen", "--admin", "--rtmp"] {
            words += [listener, "127.0.0.1:0"]
        }
        let process = try RunningProgram(
            words[0],
            Array(words.dropFirst()),
            limit: .seconds(Self.lifeSeconds)
        )
        self.process = process
        let text = await process.output { $0.contains("library ") }
        func address(_ name: String) throws -> String {
            let line = text.split(separator: "\n").first { $0.contains("  \(name) ") }
            let found = line?.split(separator: " ").dropFirst().first
            return String(try #require(found, "\(text)\(process.errorText)"))
        }
        func base(_ address: String) -> String {
            address.split(separator: "/").prefix(2).joined(separator: "//")
        }
        media = base(try address("media"))
        admin = base(try address("admin"))
        func port(_ address: String) throws -> Int {
            try #require(Int(address.split(separator: ":").last ?? ""), "\(address)")
        }
        let live = base(try address("live")).filter { $0 != "," }
        (rtmpPort, mediaPort) = (try port(live), try port(media))
    }

    deinit {
        process.signal(SIGKILL)
    }

    /// It is killed then, also where its test was.
    private static let lifeSeconds = 150

    private static func write(_ live: String, to file: String) throws {
        let text = "live: {thumbnails: 0s\(live.isEmpty ? "" : ", ")\(live)}\n"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }

    /// Has it read other options below `live`, as an operator does.
    func reload(_ live: String) throws {
        try Self.write(live, to: folder.path("origin.yaml"))
        process.signal(SIGHUP)
    }

    // MARK: What it says

    func get(_ path: String) async throws -> Answer {
        try await fetch(media + path)
    }

    /// The address of something that players fetch.
    func url(_ path: String) -> String { media + path }

    func metric(_ name: String) async throws -> Double {
        let text = try await fetch(admin + "/metrics").text
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return try #require(line.flatMap { Double($0.split(separator: " ").last ?? "") }, "\(name)")
    }

    private func fetch(_ address: String) async throws -> Answer {
        guard let url = URL(string: address) else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.timeoutInterval = 30
        let (body, response) = try await URLSession.shared.data(for: request)
        guard let response = response as? HTTPURLResponse else {
            throw URLError(.badServerResponse)
        }
        return Answer(
            status: response.statusCode,
            text: String(decoding: body, as: UTF8.self)
        )
    }

    /// nil where the stream is not known.
    func status(_ stream: String = "cam") async throws -> Status? {
        let answer = try await get("/live/\(stream)/status")
        guard answer.status == 200 else { return nil }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Status.self, from: Data(answer.text.utf8))
    }

    /// nil where there is none.
    func playlist(_ name: String = "v0", of stream: String = "cam") async throws -> LivePlaylist? {
        let answer = try await get("/live/\(stream)/\(name).m3u8")
        return answer.status == 200 ? LivePlaylist(answer.text) : nil
    }

    var log: String { process.errorText }

    /// Bytes of memory that it holds.
    func residentBytes() throws -> Int {
        let file = "/proc/\(process.processID)/status"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return try #require(Int(line.filter(\.isNumber))) << 10
    }

    // MARK: What is done to it

    /// Ends it as a crash does.
    func kill() async {
        process.signal(SIGKILL)
        _ = await process.end()
        seat.withLock { $0 = nil }
    }

    /// Ends it as an operator does.
    ///
    /// - Returns: its status, and how long it took.
    @discardableResult
    func stop() async -> (status: Int32, time: Duration) {
        let start = ContinuousClock.now
        process.terminate()
        let end = await process.end()
        seat.withLock { $0 = nil }
        #expect(end.status == 0, "the origin's status after SIGTERM: \(log.suffix(2000))")
        return (end.status, ContinuousClock.now - start)
    }

    // MARK: What it made

    /// Files of recordings that are videos, by a part of their names.
    func videos(_ part: String = "p.mp4") throws -> [String] {
        let library = folder.path("disk/library")
        let names = try FileManager.default.subpathsOfDirectory(atPath: library)
        return names.filter { $0.contains(part) }.sorted().map { library + "/" + $0 }
    }
}
