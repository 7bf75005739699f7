import Foundation

/// One tag of an FLV file, which is one message of RTMP.
struct FLVTag: Sendable {
    var type: UInt8
    /// Milliseconds.
    var timestamp: UInt32
    var body: [UInt8]

    /// All tags of a file. Adobe FLV 10.1, Annex E
    static func all(of path: String) throws -> [FLVTag] {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var tags: [FLVTag] = []
        var offset = 13
        while offset + 11 <= bytes.count {
            func number(_ start: Int, _ count: Int) -> Int {
                bytes[(offset + start)..<(offset + start + count)].reduce(0) { $0 << 8 | Int($1) }
            }
            let size = number(1, 3)
            let body = offset + 11
            guard body + size <= bytes.count else { break }
            tags.append(
                FLVTag(
                    type: bytes[offset],
                    timestamp: UInt32(number(4, 3) | number(7, 1) << 24),
                    body: Array(bytes[body..<(body + size)])
                )
            )
            offset = body + size + 4
        }
        return tags
    }

    /// The same media; what a publish begins with is left out.
    static func media(_ tags: [FLVTag]) -> [FLVTag] {
        tags.filter { $0.type != 18 }
    }
}

/// Tags and what their encoder's clock says.
struct FLVPiece: Sendable {
    var tags: [FLVTag]
    /// Added to all timestamps; wraps.
    var shift: UInt32 = 0
    /// Bits that the encoder has for timestamps.
    var bits = 32

    var milliseconds: UInt32 { (tags.map(\.timestamp).max() ?? 0) + 33 }
}

extension RawEncoder {
    /// How much faster than its own time media is sent.
    private static let speed = 2.0

    /// Sends pieces one behind the other, in step with time.
    func send(_ pieces: [FLVPiece]) async throws {
        let start = ContinuousClock.now
        var elapsed = 0.0
        for piece in pieces {
            for var tag in piece.tags {
                let due = (elapsed + Double(tag.timestamp) / 1000) / Self.speed
                let wait = .seconds(due) - (ContinuousClock.now - start)
                if wait > .milliseconds(5) { try await pass(wait) }
                tag.timestamp &+= piece.shift
                if piece.bits < 32 { tag.timestamp &= 1 << UInt32(piece.bits) - 1 }
                send(tag)
            }
            elapsed += Double(piece.milliseconds) / 1000
        }
    }
}
