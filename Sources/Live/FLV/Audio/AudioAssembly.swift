import ISOBMFF

/// One audio track's way from the encoder's packets to frames and their sample entry.
struct AudioAssembly {
    enum Outcome: Hashable {
        /// A frame, and how many samples of the track's timescale it lasts.
        case frame(Range<Int>, samples: Int)
        case dropped(LiveSourceStatistics.Drop)
    }

    let codec: FourCC
    private(set) var entry: SampleEntry?
    /// How often the entry changed.
    private(set) var formatNumber = 0
    /// The record that the encoder sent last, to see that it sends the same again.
    private var record: [UInt8] = []
    /// What the entry was made from where frames tell it, for the same reason.
    private var head: SoundHead?

    /// nil for a codec that is not known.
    init?(codec: FourCC) {
        guard ["mp4a", ".mp3", "Opus", "fLaC", "ac-3", "ec-3"].contains(codec) else { return nil }
        self.codec = codec
    }

    /// Samples a second; 0 before there is an entry.
    var sampleRate: UInt32 { entry?.audio?.sampleRate ?? 0 }

    /// Samples of a usual frame.
    private(set) var frameSize = 1024

    /// Takes a configuration record.
    ///
    /// - Returns: false where it is none that can be used.
    mutating func configure(_ body: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !Bytes.equal(record, body, range) else { return true }
        let bytes = Bytes.copy(body, range)
        guard use(bytes) else { return false }
        record = bytes
        return true
    }

    private mutating func use(_ bytes: [UInt8]) -> Bool {
        switch codec {
        case "mp4a":
            guard let made = SoundEntry.aac(bytes), case .aac(let aac) = made.codec,
                let audio = made.audio, aac.coreSampleRate > 0
            else { return false }
            let size = aac.frameSize(outputRate: audio.sampleRate)
            guard Self.possibleFrameSizes.contains(size), take(made) else { return false }
            frameSize = size
            return true
        case "Opus":
            guard let head = OpusHead(bytes), let made = head.entry else { return false }
            guard take(made) else { return false }
            frameSize = 960
            return true
        case "fLaC":
            guard let made = SoundEntry.flac(bytes) else { return false }
            guard take(made) else { return false }
            frameSize = 4096
            return true
        default:
            return true
        }
    }

    /// The next frame of a packet; `rest` is what is left of it.
    mutating func next(_ body: Span<UInt8>, _ rest: inout Range<Int>) -> Outcome {
        let range = rest
        rest = range.upperBound..<range.upperBound
        switch codec {
        case "mp4a":
            guard entry != nil else { return .dropped(.noConfiguration) }
            return .frame(range, samples: frameSize)
        case "Opus":
            guard let samples = OpusHead.samples(body, range) else { return .dropped(.malformed) }
            if entry == nil {
                guard let made = OpusHead(packet: body[range.lowerBound]).entry, take(made) else {
                    return .dropped(.noConfiguration)
                }
            }
            frameSize = samples
            return .frame(range, samples: samples)
        case "fLaC":
            guard entry != nil else { return .dropped(.noConfiguration) }
            guard let samples = FLACFrame.samples(body, range) else { return .dropped(.malformed) }
            frameSize = samples
            return .frame(range, samples: samples)
        default:
            return nextWithHead(body, range, &rest)
        }
    }

    /// MP3, AC-3 and E-AC-3: every frame says what it is.
    private mutating func nextWithHead(
        _ body: Span<UInt8>,
        _ range: Range<Int>,
        _ rest: inout Range<Int>
    ) -> Outcome {
        let found: SoundHead? =
            switch codec {
            case ".mp3": .mpeg(body, range)
            case "ac-3": .ac3(body, range)
            default: .enhancedAC3(body, range)
            }
        guard let found, found.sizeBytes <= range.count else { return .dropped(.malformed) }
        if found.format != head?.format {
            guard let made = found.entry, take(made) else { return .dropped(.invalidConfiguration) }
        }
        head = found
        frameSize = found.samples
        // Several MP3 frames may share a message.
        let end = codec == ".mp3" ? range.lowerBound + found.sizeBytes : range.upperBound
        rest = end..<range.upperBound
        return .frame(range.lowerBound..<end, samples: found.samples)
    }

    private mutating func take(_ made: SampleEntry) -> Bool {
        guard let audio = made.audio, (1...Self.highestRate).contains(audio.sampleRate) else {
            return false
        }
        if made != entry {
            entry = made
            formatNumber += 1
        }
        return true
    }

    private static let highestRate: UInt32 = 192_000
    /// What a configuration's rates make of AAC's frames: SBR doubles them, xHE-AAC has up to four
    /// times as much.
    private static let possibleFrameSizes = 1...8192
}

extension AACConfiguration {
    /// Samples of a frame at the rate that comes out of a decoder. ISO/IEC 14496-3 §4.5.2.1
    fileprivate func frameSize(outputRate: UInt32) -> Int {
        let isLowDelay = coreObjectType == 23 || coreObjectType == 39
        let core = (isLowDelay ? 512 : 1024) * (hasShortFrames ? 15 : 16) / 16
        return core * Int(outputRate) / Int(coreSampleRate)
    }
}
