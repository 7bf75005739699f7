import ISOBMFF
import Live
import Segmenting
import TestSupport

/// A live source under test, with what came out of it.
struct SourceFeed {
    var source: LiveSource
    var inputs: [LiveInput] = []

    init(_ configuration: LiveSourceConfiguration = LiveSourceConfiguration()) {
        source = LiveSource(configuration: configuration)
    }

    mutating func send(_ kind: RTMPMediaKind, at milliseconds: Int, _ body: [UInt8]) throws {
        try source.receive(
            kind,
            timestamp: UInt32(truncatingIfNeeded: milliseconds),
            body: body.span,
            arrivalMicroseconds: 1_700_000_000_000_000 + Int64(milliseconds) * 1000,
            into: &inputs
        )
    }

    mutating func send(_ message: FLVMessage) throws {
        try send(message.kind, at: message.milliseconds, message.body)
    }

    mutating func finish() {
        source.finish(into: &inputs)
    }

    /// Each announcement of tracks.
    var announcements: [[LiveTrack]] {
        inputs.compactMap { if case .tracks(let tracks) = $0 { tracks } else { nil } }
    }

    var discontinuities: Int {
        inputs.count { if case .discontinuity = $0 { true } else { false } }
    }

    func samples(_ id: LiveTrackID) -> [LiveSample] {
        inputs.compactMap { input in
            guard case .sample(let sample) = input, sample.track == id else { return nil }
            return sample
        }
    }

    func drops(_ reason: LiveSourceStatistics.Drop) -> Int {
        source.statistics.drops[reason] ?? 0
    }
}

/// One message of a stream.
struct FLVMessage {
    var kind: RTMPMediaKind
    var milliseconds: Int
    var body: [UInt8]

    /// The tags of an FLV file. Adobe Flash Video File Format Specification 10.1 annex E.4
    static func messages(ofFile bytes: [UInt8]) -> [FLVMessage] {
        func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 << 8 | Int($1) } }
        var messages: [FLVMessage] = []
        var position = 13
        while position + 11 <= bytes.count {
            let size = number(position + 1..<position + 4)
            let low = number(position + 4..<position + 7)
            let start = position + 11
            if let kind = RTMPMediaKind(rawValue: bytes[position] & 0x1F) {
                messages.append(
                    FLVMessage(
                        kind: kind,
                        milliseconds: Int(bytes[position + 7]) << 24 | low,
                        body: Array(bytes[start..<start + size])
                    )
                )
            }
            position = start + size + 4
        }
        return messages
    }
}

/// What ffmpeg encodes, in the ways that tests need it.
enum TestMedia {
    /// Runs ffmpeg on pictures and sound that it makes itself, and gives the file's bytes.
    static func made(
        _ name: String,
        seconds: Int = 3,
        rate: String = "30",
        _ arguments: [String]
    ) async throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let path = folder.path(name)
        try await Tool.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=s=320x180:r=\(rate)",
                "-f", "lavfi", "-i", "sine=r=48000", "-t", "\(seconds)",
            ] + arguments + [path]
        )
        return try await Self.bytes(path)
    }

    static func bytes(_ path: String) async throws -> [UInt8] {
        try await Tool.run("cat", [path]).standardOutput
    }

    /// The payload of a box inside of a sample entry.
    static func box(_ type: String, in entry: SampleEntry) -> [UInt8] {
        let bytes = entry.boxBytes
        let name = Array(type.utf8)
        for place in 4..<bytes.count - 4 where Array(bytes[place..<place + 4]) == name {
            let size = bytes[place - 4..<place].reduce(0) { $0 << 8 | Int($1) }
            return Array(bytes[place + 4..<place - 4 + size])
        }
        return []
    }

    /// A track's samples, with decode and presentation times in milliseconds.
    static func samples(
        _ track: Track,
        of file: [UInt8]
    ) -> [(bytes: [UInt8], decode: Int, composition: Int, isSync: Bool)] {
        var time = track.samples.firstDecodeTime
        return (0..<track.samples.count).map { index in
            let start = Int(track.samples.offsetsBytes[index])
            let bytes = Array(file[start..<start + Int(track.samples.sizesBytes[index])])
            let offsets = track.samples.compositionOffsets
            let offset = offsets.isEmpty ? 0 : Int64(offsets[index])
            defer { time += Int64(track.samples.durations[index]) }
            func milliseconds(_ ticks: Int64) -> Int { Int(ticks * 1000 / Int64(track.timescale)) }
            let decode = milliseconds(time)
            return (
                bytes, decode, milliseconds(time + offset) - decode,
                track.samples.dependencies.isEmpty || track.samples.dependencies[index] == .sync
            )
        }
    }
}

extension Int {
    /// The low three bytes.
    var threeBytes: [UInt8] { [16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) } }
}
