import Foundation

/// What ffprobe says of the packets of one stream.
struct ProbedPacket: Decodable {
    var pts_time: String?
    var dts_time: String?
    var data_hash: String
    var flags: String
    var pos: String?

    var pts: Double? { pts_time.flatMap(Double.init) }
    var dts: Double? { dts_time.flatMap(Double.init) }
    var isKey: Bool { flags.hasPrefix("K") }

    // `stream` is as ffprobe selects it: `v:0`, `a:1`.
    static func all(_ path: String, _ stream: String) throws -> [ProbedPacket] {
        struct Answer: Decodable {
            var packets: [ProbedPacket]
        }
        let text = try Command.run([
            "/usr/bin/ffprobe", "-v", "error", "-select_streams", stream, "-show_packets",
            "-show_data_hash", "md5", "-of", "json", path,
        ])
        return try JSONDecoder().decode(Answer.self, from: Data(text.utf8)).packets
    }
}

/// The boxes at the top of a file.
struct TopBox: Equatable {
    var type: String
    var offset: Int
    var size: Int

    static func all(_ path: String) throws -> [TopBox] {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var boxes: [TopBox] = []
        var offset = 0
        while offset + 8 <= bytes.count {
            let size = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            guard size >= 8 else { break }
            let type = String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self)
            boxes.append(TopBox(type: type, offset: offset, size: size))
            offset += size
        }
        return boxes
    }
}
