/// What a CMAF header says that its chunks need to be read. ISO/IEC 14496-12 §8
package struct CheckedHeader: Sendable, Equatable {
    package var timescale: UInt32
    package var isVideo: Bool
    var defaultDuration: UInt32 = 0
    var defaultFlags: UInt32 = 0

    /// Nil where the bytes are no header of one track.
    package init?(_ bytes: [UInt8]) {
        guard let track = Boxes.find("moov/trak/mdia", in: bytes),
            let header = Boxes.find("mdhd", in: bytes, track),
            let version = Boxes.number(bytes, header.lowerBound, 1),
            let timescale = Boxes.number(bytes, header.lowerBound + (version == 1 ? 20 : 12), 4),
            timescale > 0, let handler = Boxes.find("hdlr", in: bytes, track)
        else { return nil }
        self.timescale = timescale
        isVideo = Boxes.number(bytes, handler.lowerBound + 8, 4) == 0x7669_6465
        guard let extends = Boxes.find("moov/mvex/trex", in: bytes) else { return }
        defaultDuration = Boxes.number(bytes, extends.lowerBound + 12, 4) ?? 0
        defaultFlags = Boxes.number(bytes, extends.lowerBound + 20, 4) ?? 0
    }
}

/// What the samples of a part are. ISO/IEC 14496-12 §8.8
package struct CheckedFragment: Sendable, Equatable {
    package var seconds = 0.0
    package var startsWithSync = true

    /// Nil where the bytes hold no movie fragment, or one that is broken.
    package init?(_ bytes: [UInt8], header: CheckedHeader) {
        var ticks: UInt64 = 0
        var count = 0
        for (type, range) in Boxes.all(in: bytes, 0..<bytes.count) where type == "moof" {
            guard let fragment = Boxes.find("traf", in: bytes, range),
                let track = Boxes.find("tfhd", in: bytes, fragment),
                var defaults = Defaults(bytes, track, header: header)
            else { return nil }
            for (type, run) in Boxes.all(in: bytes, fragment) where type == "trun" {
                guard let found = defaults.read(bytes, run) else { return nil }
                if count == 0, let flags = found.firstFlags {
                    startsWithSync = flags & 0x1_0000 == 0
                }
                ticks += found.ticks
                count += found.count
            }
        }
        guard count > 0 else { return nil }
        seconds = Double(ticks) / Double(header.timescale)
    }

    private struct Defaults {
        var duration: UInt32
        var flags: UInt32

        init?(_ bytes: [UInt8], _ box: Range<Int>, header: CheckedHeader) {
            (duration, flags) = (header.defaultDuration, header.defaultFlags)
            guard let bits = Boxes.number(bytes, box.lowerBound, 4) else { return nil }
            var offset = box.lowerBound + 8
            if bits & 1 != 0 { offset += 8 }
            if bits & 2 != 0 { offset += 4 }
            if bits & 8 != 0 {
                guard let value = Boxes.number(bytes, offset, 4) else { return nil }
                (duration, offset) = (value, offset + 4)
            }
            if bits & 0x10 != 0 { offset += 4 }
            if bits & 0x20 != 0 {
                guard let value = Boxes.number(bytes, offset, 4) else { return nil }
                flags = value
            }
        }

        /// The samples of a `trun`: their durations' sum and the first one's flags.
        mutating func read(
            _ bytes: [UInt8],
            _ box: Range<Int>
        ) -> (ticks: UInt64, count: Int, firstFlags: UInt32?)? {
            guard let bits = Boxes.number(bytes, box.lowerBound, 4),
                let count = Boxes.number(bytes, box.lowerBound + 4, 4), count <= 1_000_000
            else { return nil }
            var offset = box.lowerBound + 8 + (bits & 1 != 0 ? 4 : 0)
            var firstFlags: UInt32? = count > 0 ? flags : nil
            if bits & 4 != 0 {
                firstFlags = Boxes.number(bytes, offset, 4)
                offset += 4
            }
            let fields = [0x100, 0x200, 0x400, 0x800].filter { bits & $0 != 0 }.count
            guard offset + Int(count) * fields * 4 <= box.upperBound else { return nil }
            var ticks: UInt64 = 0
            for index in 0..<Int(count) {
                var field = offset + index * fields * 4
                var length = duration
                if bits & 0x100 != 0 {
                    length = Boxes.number(bytes, field, 4) ?? 0
                    field += 4
                }
                if bits & 0x200 != 0 { field += 4 }
                if bits & 0x400 != 0, index == 0 { firstFlags = Boxes.number(bytes, field, 4) }
                ticks += UInt64(length)
            }
            return (ticks, Int(count), firstFlags)
        }
    }
}

/// Boxes of a file in memory. ISO/IEC 14496-12 §4.2
enum Boxes {
    /// Types and payloads; ends where the bytes do not go on as boxes.
    static func all(in bytes: [UInt8], _ range: Range<Int>) -> [(String, Range<Int>)] {
        var boxes: [(String, Range<Int>)] = []
        var offset = range.lowerBound
        while offset + 8 <= range.upperBound, let size = number(bytes, offset, 4) {
            let end = size == 0 ? range.upperBound : offset + Int(size)
            guard size == 0 || size >= 8, end <= range.upperBound else { break }
            let type = String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self)
            boxes.append((type, offset + 8..<end))
            offset = end
        }
        return boxes
    }

    /// The payload of the first box at a path such as `moov/trak`.
    static func find(_ path: String, in bytes: [UInt8], _ range: Range<Int>? = nil) -> Range<Int>? {
        var range = range ?? 0..<bytes.count
        for name in path.split(separator: "/") {
            guard let box = all(in: bytes, range).first(where: { $0.0 == name }) else { return nil }
            range = box.1
        }
        return range
    }

    /// A big-endian number; nil beyond the end.
    static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt32? {
        guard offset >= 0, offset + count <= bytes.count else { return nil }
        return bytes[offset..<offset + count].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
