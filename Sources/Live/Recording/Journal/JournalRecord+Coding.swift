import Segmenting

/// Records as bytes: a kind, then fields of fixed size, little-endian; texts and blobs behind their
/// length. Only this program reads them, and the format has its version in the file's first line.
extension JournalRecord {
    private enum Kind {
        static let began: UInt8 = 1
        static let format: UInt8 = 2
        static let segmentBegan: UInt8 = 3
        static let part: UInt8 = 4
        static let segmentEnded: UInt8 = 5
        static let ended: UInt8 = 6
        static let timedPart: UInt8 = 7
    }

    func write(to writer: inout JournalWriter) {
        switch self {
        case .began(let token, let start):
            writer.append(Kind.began)
            writer.append(start)
            writer.append(text: token)
        case .format(let format):
            writer.append(Kind.format)
            format.write(to: &writer)
        case .segmentBegan(let start):
            writer.append(Kind.segmentBegan)
            writer.append(start.track)
            writer.append(start.number)
            writer.append(start.discontinuitySequence)
            writer.append(start.isDiscontinuity)
            writer.append(start.isIndependent)
            writer.append(UInt32(clamping: start.initializationNumber))
            writer.append(start.decodeTime)
            writer.append(start.programDateTime)
        case .part(let part):
            writer.append(Kind.timedPart)
            writer.append(part.track)
            writer.append(part.segmentNumber)
            writer.append(part.offsetBytes)
            writer.append(part.sizeBytes)
            writer.append(part.index)
            writer.append(part.descriptionIndexOffset)
            writer.append(part.durationTicks)
        case .segmentEnded(let end, let isGap):
            writer.append(Kind.segmentEnded)
            writer.append(end.track)
            writer.append(end.number)
            writer.append(end.duration)
            writer.append(isGap)
        case .ended:
            writer.append(Kind.ended)
        }
    }

    /// Nothing where the bytes are no whole record of a known kind.
    init?(_ reader: inout JournalReader) {
        let kind = reader.read(UInt8.self)
        switch kind {
        case Kind.began:
            guard let start = reader.read(Int64.self), let token = reader.readText() else {
                return nil
            }
            self = .began(token: token, startMicroseconds: start)
        case Kind.format:
            guard let format = JournalFormat(&reader) else { return nil }
            self = .format(format)
        case Kind.segmentBegan:
            guard let start = reader.readSegmentStart() else { return nil }
            self = .segmentBegan(start)
        case Kind.part, Kind.timedPart:
            let isTimed = kind == Kind.timedPart
            guard let part = reader.readPart(isTimed: isTimed) else { return nil }
            self = .part(part)
        case Kind.segmentEnded:
            guard let track = reader.readTrack(), let number = reader.read(UInt64.self),
                let duration = reader.read(Int64.self), let isGap = reader.readBool()
            else {
                return nil
            }
            let end = SegmentEnd(track: track, number: number, duration: duration)
            self = .segmentEnded(end, isGap: isGap)
        case Kind.ended:
            self = .ended
        default:
            return nil
        }
    }
}

extension JournalFormat {
    fileprivate func write(to writer: inout JournalWriter) {
        writer.append(track)
        writer.append(UInt32(clamping: number))
        writer.append(UInt32(clamping: generation))
        writer.append(UInt32(clamping: entryNumber))
        writer.append(UInt32(clamping: headerBytes))
        writer.append(frameDuration ?? 0)
        writer.append(hasCaptions)
        writer.append(Int64(declaredBitrate))
        writer.append(text: language)
        writer.append(text: label)
        writer.append(blob: bytes)
    }

    fileprivate init?(_ reader: inout JournalReader) {
        guard let track = reader.readTrack(), let number = reader.read(UInt32.self),
            let generation = reader.read(UInt32.self), let entry = reader.read(UInt32.self),
            let header = reader.read(UInt32.self), let frame = reader.read(UInt32.self),
            let hasCaptions = reader.readBool(), let bitrate = reader.read(Int64.self),
            let language = reader.readText(), let label = reader.readText(),
            let bytes = reader.readBlob()
        else {
            return nil
        }
        self.init(
            track: track,
            number: Int(number),
            generation: Int(generation),
            entryNumber: Int(entry),
            headerBytes: Int(header),
            frameDuration: frame == 0 ? nil : frame,
            hasCaptions: hasCaptions,
            declaredBitrate: Int(bitrate),
            language: language,
            label: label,
            bytes: bytes
        )
    }
}

extension JournalReader {
    fileprivate mutating func readPart(isTimed: Bool) -> JournalPart? {
        guard let track = readTrack(), let segment = read(UInt64.self),
            let offset = read(UInt64.self), let size = read(UInt32.self),
            let index = read(UInt32.self), let description = read(UInt32.self),
            let duration = isTimed ? read(UInt32.self) : 0
        else {
            return nil
        }
        return JournalPart(
            track: track,
            segmentNumber: segment,
            offsetBytes: offset,
            sizeBytes: size,
            index: index,
            descriptionIndexOffset: description,
            durationTicks: duration
        )
    }

    fileprivate mutating func readSegmentStart() -> SegmentStart? {
        guard let track = readTrack(), let number = read(UInt64.self),
            let sequence = read(UInt64.self), let isDiscontinuity = readBool(),
            let isIndependent = readBool(), let initialization = read(UInt32.self),
            let decodeTime = read(Int64.self), let date = read(Int64.self)
        else {
            return nil
        }
        return SegmentStart(
            track: track,
            number: number,
            discontinuitySequence: sequence,
            isDiscontinuity: isDiscontinuity,
            initializationNumber: Int(initialization),
            decodeTime: decodeTime,
            programDateTime: date,
            isIndependent: isIndependent
        )
    }
}
