import Foundation

/// What ffprobe reads of one stream, with hashes of the payload.
struct ProbedStream: Decodable {
    var streams: [Stream]
    var packets: [Packet]

    struct Stream: Decodable {
        var timeBase: String
        var tags: [String: String]?
        var width: Int?
        var height: Int?
        var sideDataList: [SideData]?
    }

    struct SideData: Decodable {
        var rotation: Int?
    }

    struct Packet: Decodable {
        var pts: Int64
        var size: String
        var flags: String
        var dataHash: String
    }

    /// What has to be the same in source and package: all but the offset that decode times have.
    struct Identity: Hashable {
        var presentationTime: Int64
        var size: String
        var isKey: Bool
        var dataHash: String
    }

    var identities: [Identity] {
        packets.map {
            Identity(
                presentationTime: $0.pts,
                size: $0.size,
                isKey: $0.flags.hasPrefix("K"),
                dataHash: $0.dataHash
            )
        }
    }

    /// Reads a stream of a file; `stream` as ffprobe names it: `v:0`, `a:1`.
    static func read(path: String, stream: String) throws -> ProbedStream {
        let text = try run([
            "ffprobe", "-v", "error", "-select_streams", stream, "-show_data_hash", "md5", "-of",
            "json",
            "-show_entries",
            "packet=pts,size,flags,data_hash:stream=time_base,width,height"
                + ":stream_side_data=rotation:stream_tags=language",
            path,
        ])
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(ProbedStream.self, from: Data(text.utf8))
    }

    static func read(bytes: [UInt8], stream: String) throws -> ProbedStream {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).mp4")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try read(path: file.path, stream: stream)
    }
}
