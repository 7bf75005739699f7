import ISOBMFF
import Segmenting

/// Appends records, each framed: its size, its bytes, and a checksum of both.
struct JournalWriter {
    private(set) var bytes: [UInt8] = []

    /// First line of every journal.
    static let magic = Array("millrace live journal 1\n".utf8)
    /// Size in front of a record, and checksum behind it.
    static let sizeFieldBytes = 4
    static let checksumBytes = 4

    mutating func append(_ record: JournalRecord) {
        let start = bytes.count
        append(UInt32(0))
        record.write(to: &self)
        let size = UInt32(bytes.count - start - Self.sizeFieldBytes)
        for place in 0..<Self.sizeFieldBytes {
            bytes[start + place] = UInt8(truncatingIfNeeded: size >> (8 * UInt32(place)))
        }
        append(Self.checksum(bytes, in: start..<bytes.count))
    }

    static func checksum(_ bytes: [UInt8], in range: Range<Int>) -> UInt32 {
        UInt32(truncatingIfNeeded: XXH64.hash(bytes, in: range, seed: 0))
    }

    mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        for place in 0..<Number.bitWidth / 8 {
            bytes.append(UInt8(truncatingIfNeeded: number >> Number(8 * place)))
        }
    }

    mutating func append(_ flag: Bool) {
        bytes.append(flag ? 1 : 0)
    }

    mutating func append(_ track: LiveTrackID) {
        bytes.append(track.kind.rawValue)
        bytes.append(track.index)
    }

    mutating func append(text: String) {
        append(blob: Array(text.utf8))
    }

    mutating func append(blob: [UInt8]) {
        append(UInt32(blob.count))
        bytes.append(contentsOf: blob)
    }
}

/// Reads records until the first that is not whole, as the last one of a crash may be.
struct JournalReader {
    private let bytes: [UInt8]
    private var position: Int
    private var end: Int

    /// Nothing where the first line is not that of a journal.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: JournalWriter.magic) else { return nil }
        self.bytes = bytes
        position = JournalWriter.magic.count
        end = bytes.count
    }

    /// How far the journal is good.
    var goodBytes: Int { position }

    /// The next record; nil at the end and where what follows is damaged.
    mutating func next() -> JournalRecord? {
        let start = position
        let front = JournalWriter.sizeFieldBytes
        guard let size = read(UInt32.self).map(Int.init), size <= RecordingLimits.recordBytes,
            size + JournalWriter.checksumBytes <= bytes.count - start - front
        else {
            position = start
            return nil
        }
        let checksum = JournalWriter.checksum(bytes, in: start..<start + front + size)
        end = start + front + size
        let record = JournalRecord(&self)
        let isWhole = position == end
        position = end
        end = bytes.count
        guard let record, isWhole, read(UInt32.self) == checksum else {
            position = start
            return nil
        }
        return record
    }

    mutating func read<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        let size = Number.bitWidth / 8
        guard end - position >= size else { return nil }
        var number: Number = 0
        for place in (0..<size).reversed() {
            number = size == 1 ? 0 : number << 8
            number |= Number(truncatingIfNeeded: bytes[position + place])
        }
        position += size
        return number
    }

    mutating func readBool() -> Bool? {
        read(UInt8.self).map { $0 != 0 }
    }

    mutating func readTrack() -> LiveTrackID? {
        guard let kind = read(UInt8.self).flatMap(LiveTrackID.Kind.init),
            let index = read(UInt8.self)
        else {
            return nil
        }
        return LiveTrackID(kind, index)
    }

    mutating func readText() -> String? {
        readBlob().map { String(decoding: $0, as: UTF8.self) }
    }

    mutating func readBlob() -> [UInt8]? {
        guard let size = read(UInt32.self).map(Int.init), size <= end - position else {
            return nil
        }
        defer { position += size }
        return Array(bytes[position..<position + size])
    }
}
