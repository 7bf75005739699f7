import Foundation
import ISOBMFF
import Packaging
import TestSupport

/// Media that `Tests/Fixtures/make-fixture` makes, a file or a folder, and the asset index of it.
struct MediaFixture {
    /// The file; of a folder each of its media files, renditions first.
    let paths: [String]
    let index: AssetIndex
    private let bytes: [[UInt8]]

    var path: String { paths[0] }

    init(_ name: String) async throws {
        let made = try await Fixture.path(name)
        paths = made.hasSuffix(".mp4") || made.hasSuffix(".mov") ? [made] : try Self.media(in: made)
        bytes = try paths.map { [UInt8](try Data(contentsOf: URL(fileURLWithPath: $0))) }
        let files = try zip(paths, bytes).map { path, bytes in
            let file = URL(fileURLWithPath: path)
            let isSound = file.pathExtension == "m4a"
            let stem = file.deletingPathExtension().lastPathComponent
            return SourceFile(
                name: file.lastPathComponent,
                rendition: isSound ? nil : stem,
                audioLanguage: isSound ? String(stem.dropFirst("audio.".count)) : nil,
                sizeBytes: UInt64(bytes.count),
                movie: try MovieReader.read(MemoryByteSource(bytes))
            )
        }
        index = try AssetIndex.build(
            from: AssetSource(files: files),
            configuration: PackagingConfiguration()
        )
    }

    /// What a client gets: the plan's header and the bytes of its ranges.
    func bytes(of plan: Plan) -> [UInt8] {
        plan.ranges.reduce(into: plan.header) { body, range in
            let start = Int(range.offsetBytes)
            body += bytes[range.fileIndex][start..<start + Int(range.sizeBytes)]
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

    /// Tracks as one progressive file, all of them unless told.
    func progressive(tracks chosen: [Int]? = nil) throws -> [UInt8] {
        let chosen = chosen ?? Array(index.tracks.indices)
        let segments = chosen.map { index.segments(ofTrack: $0) }
        let plan = try Progressive.plan(
            tracks: chosen.map { index.tracks[$0] },
            segmentCount: segments.map(\.count).max() ?? 0
        ) { track, segment in
            guard segment < segments[track].count else { return nil }
            let groups = segments[track][segment].groups
            return try index.samples(ofTrack: chosen[track], groups: groups)
        }
        return bytes(of: plan)
    }

    private static func media(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".mp4") || $0.hasSuffix(".m4a") }
            .sorted { ($0.hasSuffix(".m4a") ? 1 : 0, $0) < ($1.hasSuffix(".m4a") ? 1 : 0, $1) }
            .map { folder + "/" + $0 }
    }
}
