import ISOBMFF

/// Finds the tracks' parts of one message.
///
/// Only the heads are read; a part is a range of the message's bytes. `next` is given the same
/// bytes every time.
struct FLVTagReader {
    enum Kind {
        case video
        case audio
    }

    /// AvMultitrackType. Enhanced RTMP v2, "Multitrack Streaming"
    private enum Multitrack: UInt8 {
        case oneTrack = 0
        case manyTracks = 1
        case manyTracksManyCodecs = 2
    }

    private let kind: Kind
    private var position: Int
    private var codec: FourCC = "avc1"
    private var packet: FLVTag.Packet = .codedFrames
    private var nanoseconds = 0
    private var multitrack: Multitrack?
    private var isDone = false
    /// Classic tags are one track with their composition time at a fixed place.
    private var isClassic = false

    init(_ kind: Kind, _ body: Span<UInt8>) throws(FLVTagError) {
        self.kind = kind
        position = 0
        guard !body.isEmpty else {
            isDone = true
            return
        }
        let isEnhanced = kind == .video ? body[0] & 0x80 != 0 : body[0] >> 4 == 9
        if isEnhanced {
            try readEnhancedHead(body)
        } else if kind == .video {
            try readVideoHead(body)
        } else {
            try readAudioHead(body)
        }
    }

    /// The next track's part; nil behind the last one.
    mutating func next(_ body: Span<UInt8>) throws(FLVTagError) -> FLVTag? {
        guard !isDone else { return nil }
        var track: UInt8 = 0
        var end = body.count
        if let multitrack {
            guard position < body.count else { return nil }
            if multitrack == .manyTracksManyCodecs { codec = try fourCC(body) }
            track = try byte(body)
            if multitrack != .oneTrack {
                let size = try integer(body, 3)
                guard size <= body.count - position else { throw .truncated }
                end = position + size
            }
        }
        if multitrack == nil || multitrack == .oneTrack { isDone = true }
        var tag = FLVTag(
            codec: codec,
            packet: packet,
            track: track,
            compositionMilliseconds: 0,
            nanoseconds: nanoseconds,
            body: position..<end
        )
        let hasComposition =
            kind == .video && packet == .codedFrames && !withoutComposition
            && (isClassic || codec == "avc1" || codec == "hvc1")
        if hasComposition {
            let value = try integer(body, 3)
            guard position <= end else { throw .truncated }
            tag.compositionMilliseconds = value >= 1 << 23 ? value - 1 << 24 : value
            tag.body = position..<end
        }
        position = end
        return tag
    }

    /// CodedFramesX: presentation is at decode time.
    private var withoutComposition = false
}

// MARK: Heads

extension FLVTagReader {
    /// VIDEODATA, §E.4.3.1.
    private mutating func readVideoHead(_ body: Span<UInt8>) throws(FLVTagError) {
        let first = try byte(body)
        guard first >> 4 != 5 else {
            // A command: for players of old.
            isDone = true
            return
        }
        isClassic = true
        switch first & 0x0F {
        case 7: codec = "avc1"
        // What encoders took before there was Enhanced RTMP.
        case 12: codec = "hvc1"
        case 13: codec = "av01"
        case 2: throw .unsupportedCodec("Sorenson H.263 video")
        case 3, 6: throw .unsupportedCodec("Screen video")
        case 4, 5: throw .unsupportedCodec("On2 VP6 video")
        case let other: throw .unsupportedCodec("FLV video codec \(other)")
        }
        switch try byte(body) {
        case 0:
            packet = .sequenceStart
            _ = try integer(body, 3)
        case 1: packet = .codedFrames
        case 2: packet = .sequenceEnd
        case let other: packet = .other(other)
        }
    }

    /// AUDIODATA, §E.4.2.1.
    private mutating func readAudioHead(_ body: Span<UInt8>) throws(FLVTagError) {
        switch try byte(body) >> 4 {
        case 10:
            codec = "mp4a"
            packet = try byte(body) == 0 ? .sequenceStart : .codedFrames
        case 2, 14:
            codec = ".mp3"
        case 0, 3: throw .unsupportedCodec("PCM audio")
        case 1: throw .unsupportedCodec("ADPCM audio")
        case 4, 5, 6: throw .unsupportedCodec("Nellymoser audio")
        case 7, 8: throw .unsupportedCodec("G.711 audio")
        case 11: throw .unsupportedCodec("Speex audio")
        case let other: throw .unsupportedCodec("FLV audio codec \(other)")
        }
    }

    /// ExVideoTagHeader and ExAudioTagHeader.
    private mutating func readEnhancedHead(_ body: Span<UInt8>) throws(FLVTagError) {
        let first = try byte(body)
        let frameType = first >> 4 & 0x7
        var type = first & 0x0F
        while type == 7 {  // ModEx
            var size = try integer(body, 1) + 1
            if size == 256 { size = try integer(body, 2) + 1 }
            guard size <= body.count - position else { throw .truncated }
            let start = position
            position += size
            let next = try byte(body)
            if next >> 4 == 0, size >= 3 {  // TimestampOffsetNano
                nanoseconds =
                    Int(body[start]) << 16 | Int(body[start + 1]) << 8 | Int(body[start + 2])
                nanoseconds = min(nanoseconds, 999_999)
            }
            type = next & 0x0F
        }
        if kind == .video, frameType == 5, type != 4 {
            isDone = true
            return
        }
        if type == (kind == .video ? 6 : 5) {
            let head = try byte(body)
            guard let multitrack = Multitrack(rawValue: head >> 4) else { throw .truncated }
            self.multitrack = multitrack
            type = head & 0x0F
        }
        if multitrack != .manyTracksManyCodecs { codec = try fourCC(body) }
        withoutComposition = type == 3
        packet =
            switch (type, kind) {
            case (0, _): .sequenceStart
            case (1, _), (3, .video): .codedFrames
            case (2, _): .sequenceEnd
            case (4, .video): .metadata
            case (5, .video): .mpeg2TSSequenceStart
            case (4, .audio): .multichannelConfiguration
            case (let other, _): .other(other)
            }
    }
}

// MARK: Fields

extension FLVTagReader {
    private mutating func byte(_ body: Span<UInt8>) throws(FLVTagError) -> UInt8 {
        guard position < body.count else { throw .truncated }
        defer { position += 1 }
        return body[position]
    }

    private mutating func integer(
        _ body: Span<UInt8>,
        _ size: Int
    ) throws(FLVTagError) -> Int {
        guard size <= body.count - position else { throw .truncated }
        var value = 0
        for index in position..<position + size { value = value << 8 | Int(body[index]) }
        position += size
        return value
    }

    private mutating func fourCC(_ body: Span<UInt8>) throws(FLVTagError) -> FourCC {
        FourCC(rawValue: UInt32(try integer(body, 4)))
    }
}
