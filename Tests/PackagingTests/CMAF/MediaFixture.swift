import Foundation
import ISOBMFF
import Packaging

/// A media file that `Tests/Fixtures/make-fixture` makes, and the asset index of it.
struct MediaFixture {
    let path: String
    let index: AssetIndex
    private let bytes: [UInt8]

    enum Failure: Error {
        case notMade(String)
    }

    init(_ name: String) throws {
        path = try Self.make(name)
        bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let file = SourceFile(
            name: name,
            sizeBytes: UInt64(bytes.count),
            movie: try MovieReader.read(MemoryByteSource(bytes))
        )
        index = try AssetIndex.build(
            from: AssetSource(files: [file]),
            configuration: PackagingConfiguration()
        )
    }

    /// What a client gets: the plan's header and the bytes of its ranges.
    func bytes(of plan: Plan) -> [UInt8] {
        plan.ranges.reduce(into: plan.header) { body, range in
            let start = Int(range.offsetBytes)
            body += bytes[start..<start + Int(range.sizeBytes)]
        }
    }

    /// A track as a player sees it that plays it from start to end: its headers and segments.
    func cmaf(ofTrack number: Int) throws -> [UInt8] {
        let track = index.tracks[number]
        var body: [UInt8] = []
        var descriptionIndex: Int?
        for (place, entry) in index.segments(ofTrack: number).enumerated() {
            if entry.descriptionIndex != descriptionIndex {
                descriptionIndex = entry.descriptionIndex
                let header = try CMAF.initSegment(
                    track: track,
                    descriptionIndex: entry.descriptionIndex
                )
                body += bytes(of: header)
            }
            let segment = CMAF.mediaSegment(
                track: track,
                samples: try index.samples(ofTrack: number, groups: entry.groups),
                sequenceNumber: UInt32(place + 1)
            )
            body += bytes(of: segment)
        }
        return body
    }

    /// All tracks as one progressive file.
    func progressive() throws -> [UInt8] {
        let segments = index.tracks.indices.map { index.segments(ofTrack: $0) }
        let plan = try Progressive.plan(
            tracks: index.tracks,
            segmentCount: segments.map(\.count).max() ?? 0
        ) { track, segment in
            guard segment < segments[track].count else { return nil }
            return try index.samples(ofTrack: track, groups: segments[track][segment].groups)
        }
        return bytes(of: plan)
    }

    private static func make(_ name: String) throws -> String {
        let script = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/make-fixture")
        let output = try run([script.path, name])
        let path = output.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !path.isEmpty else { throw Failure.notMade(name) }
        return path
    }
}

/// Runs a program and returns what it prints; fails where the program does.
func run(_ command: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw MediaFixture.Failure.notMade(command.joined(separator: " "))
    }
    return String(decoding: bytes, as: UTF8.self)
}
