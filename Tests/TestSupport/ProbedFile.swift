import Foundation

/// What ffprobe reads of a file: its streams and their packets, with hashes of the payload.
package struct ProbedFile: Decodable, Sendable {
    package var streams: [Stream]
    package var packets: [Packet]

    package struct Stream: Decodable, Sendable {
        package var timeBase: String
        package var tags: [String: String]?
        package var width: Int?
        package var height: Int?
        package var sideData: [SideData]?

        private enum CodingKeys: String, CodingKey {
            case tags, width, height
            case timeBase = "time_base"
            case sideData = "side_data_list"
        }
    }

    package struct SideData: Decodable, Sendable {
        package var rotation: Int?
    }

    /// Times are in ticks of the stream's time base, or in seconds.
    package struct Packet: Decodable, Sendable {
        /// `video`, `audio`.
        package var kind: String
        package var streamIndex: Int
        package var presentationTime: Int64?
        package var decodeTime: Int64?
        package var presentationSeconds: Double?
        package var decodeSeconds: Double?
        package var sizeBytes: Int
        /// Where it begins in the file.
        package var offsetBytes: UInt64?
        package var isKey: Bool
        /// Whether a player decodes it and shows nothing of it.
        package var isDiscarded: Bool
        package var dataHash: String

        private enum CodingKeys: String, CodingKey {
            case pts, dts, size, pos, flags
            case kind = "codec_type"
            case streamIndex = "stream_index"
            case ptsTime = "pts_time"
            case dtsTime = "dts_time"
            case dataHash = "data_hash"
        }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            func number<Number: LosslessStringConvertible>(
                _ key: CodingKeys
            ) throws -> Number? {
                try values.decodeIfPresent(String.self, forKey: key).flatMap(Number.init)
            }
            kind = try values.decode(String.self, forKey: .kind)
            streamIndex = try values.decode(Int.self, forKey: .streamIndex)
            presentationTime = try values.decodeIfPresent(Int64.self, forKey: .pts)
            decodeTime = try values.decodeIfPresent(Int64.self, forKey: .dts)
            presentationSeconds = try number(.ptsTime)
            decodeSeconds = try number(.dtsTime)
            sizeBytes = try number(.size) ?? 0
            offsetBytes = try number(.pos)
            let flags = try values.decode(String.self, forKey: .flags)
            isKey = flags.hasPrefix("K")
            isDiscarded = flags.contains("D")
            dataHash = try values.decode(String.self, forKey: .dataHash)
        }
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: the file's.
    ///   - stream: the only one to read, as ffprobe selects it: `v:0`, `a:1`; nil for all.
    ///   - ignoresEdits: whether times are the tables' own, edit lists left out of account.
    /// - Throws: `Tool.Failed` where ffprobe fails, and what decoding its answer throws.
    package init(_ path: String, stream: String? = nil, ignoresEdits: Bool = false) async throws {
        let output = try await Tool.run(
            "ffprobe",
            ["-v", "error", "-show_data_hash", "md5", "-of", "json"]
                + (stream.map { ["-select_streams", $0] } ?? [])
                + (ignoresEdits ? ["-ignore_editlist", "1"] : [])
                + ["-show_entries", Self.entries, path]
        )
        self = try JSONDecoder().decode(Self.self, from: Data(output.standardOutput))
    }

    /// Reads a file of these bytes.
    package init(bytes: [UInt8], stream: String? = nil) async throws {
        let folder = try TemporaryFolder()
        try await self.init(try folder.write("media", bytes), stream: stream)
    }

    private static let entries =
        "packet=codec_type,stream_index,pts,dts,pts_time,dts_time,size,pos,flags,data_hash"
        + ":stream=time_base,width,height:stream_side_data=rotation:stream_tags=language"
}
