import Foundation
import ISOBMFF
import Live
import Logging
import MediaHTTP
import NIOCore
import Packaging
import Segmenting
import Synchronization
import TestSupport
import Testing

/// A store in a temporary folder, with a clock of the test's.
final class RecordingFixture: Sendable {
    let folder: TemporaryFolder
    let configuration: RecordingConfiguration
    private let clock: Clock
    private let stored: Mutex<RecordingStore?>

    private final class Clock: Sendable {
        let microseconds = Mutex<Int64>(1_700_000_000_000_000)
    }

    var store: RecordingStore { get throws { try #require(stored.withLock { $0 }) } }

    init(
        _ change: (inout RecordingConfiguration) -> Void = { _ in },
        fault: RecordingFault? = nil
    ) throws {
        folder = try TemporaryFolder()
        var configuration = RecordingConfiguration(
            folder: folder.path("live"),
            libraryFolder: folder.path("media"),
            sync: .never
        )
        change(&configuration)
        self.configuration = configuration
        clock = Clock()
        stored = Mutex(nil)
        try open(fault: fault)
    }

    /// Starts the store, or starts it again as a new process would.
    func open(fault: RecordingFault? = nil) throws {
        let clock = clock
        let store = try RecordingStore(
            configuration: configuration,
            rendering: .plain { presentation in
                let lines = presentation.renditions.map { "\($0.track.id.name).m3u8\n" }
                return Array(("#EXTM3U\n" + lines.joined()).utf8)
            },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { clock.microseconds.withLock { $0 } },
            fault: fault
        )
        stored.withLock { $0 = store }
    }

    func advance(seconds: Int64) {
        clock.microseconds.withLock { $0 += seconds * 1_000_000 }
    }

    func archive(_ id: String = "cam") throws -> StreamArchive {
        try #require(try store.archive(for: id))
    }

    /// A publish from begin to end, all of it on the disk.
    func publish(
        _ events: [RecordedMedia.Event],
        token: String = "tokentokentoken1",
        startMicroseconds: Int64 = 1_700_000_000_000_000,
        ends: Bool = true
    ) async throws {
        let archive = try archive()
        archive.begin(
            token: token,
            startMicroseconds: startMicroseconds,
            continuation: LiveContinuation()
        )
        for event in events { archive.receive(event.action, bytes: event.bytes) }
        if ends { archive.end() }
        await Self.written(archive)
    }

    static func written(_ archive: StreamArchive) async {
        await withCheckedContinuation { continuation in
            archive.whenWritten { continuation.resume() }
        }
    }

    func text(_ track: LiveTrackID = LiveTrackID(.video)) throws -> String {
        let playlist = try #require(try archive().rewindPlaylist(track))
        return String(buffer: playlist.identity)
    }

    /// A video of the library as its packager reads it.
    func asset(_ id: String) throws -> AssetIndex {
        let media = folder.path("media/\(id)")
        let files = try FileManager.default.contentsOfDirectory(atPath: media).sorted().map {
            name in
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: media + "/" + name)))
            let isSound = name.hasSuffix(".m4a")
            return SourceFile(
                name: name,
                rendition: isSound ? nil : String(name.dropLast(4)),
                audioLanguage: isSound ? "en" : nil,
                sizeBytes: UInt64(bytes.count),
                movie: try MovieReader.read(MemoryByteSource(bytes))
            )
        }
        return try AssetIndex.build(
            from: AssetSource(files: files),
            configuration: PackagingConfiguration()
        )
    }
}

extension StoredBody {
    /// All its bytes, as a viewer gets them.
    func readAll() throws -> [UInt8] {
        try header
            + ranges.flatMap {
                try $0.file.bytes(offsetBytes: $0.offsetBytes, count: Int($0.sizeBytes))
            }
    }
}

extension [RecordedMedia.Event] {
    var parts: [LivePart] {
        compactMap { if case .part(let part) = $0.action { part } else { nil } }
    }

    /// The bytes of each segment.
    var segments: [(track: LiveTrackID, number: UInt64, bytes: [UInt8])] {
        var found: [(track: LiveTrackID, number: UInt64, bytes: [UInt8])] = []
        for part in parts {
            if found.last?.track == part.track, found.last?.number == part.segmentNumber {
                found[found.count - 1].bytes += part.header + part.payload
            } else {
                found.append((part.track, part.segmentNumber, part.header + part.payload))
            }
        }
        return found
    }
}
