import ISOBMFF

/// What headers add to media bytes, near enough for the rates that manifests state.
///
/// CMAF: 200 bytes a segment (`styp`, `sidx`, `moof` without its runs) and for each sample 12 bytes
/// of video or 4 of audio in `trun`.
///
/// MPEG-TS: 4 in 188 bytes, three packets a segment (tables, first clock reference), and for each
/// frame 117 bytes of video (PES header, access unit delimiter, half a packet of stuffing) or 30 of
/// audio (ADTS, its part of a PES header and stuffing).
struct ContainerOverhead {
    /// What stands before the samples of a CMAF fragment, its runs not counted.
    static let bytesPerFragment: UInt64 = 200

    private var bytesPerSegment: Double
    private var bytesPerSecond: Double
    private var factor: Double

    init(_ track: AssetTrack, format: MediaAddress.HLSFormat) {
        let isVideo = track.kind == .video
        let samplesPerSecond =
            isVideo ? Double(track.frameRateThousandths) / 1000 : Self.audioFrameRate(track)
        switch format {
        case .cmaf:
            bytesPerSegment = Double(Self.bytesPerFragment)
            bytesPerSecond = samplesPerSecond * (isVideo ? 12 : 4)
            factor = 1
        case .transportStream:
            bytesPerSegment = 3 * 188
            bytesPerSecond = samplesPerSecond * (isVideo ? 117 : 30)
            factor = 188.0 / 184
        }
    }

    /// Bits of a segment with its headers.
    func bits(sizeBytes: UInt64, seconds: Double) -> Double {
        ((Double(sizeBytes) + bytesPerSecond * seconds) * factor + bytesPerSegment) * 8
    }

    private static func audioFrameRate(_ track: AssetTrack) -> Double {
        guard let entry = track.sampleEntries.first, let audio = entry.audio else { return 50 }
        return Double(audio.sampleRate) / Double(entry.codec.commonFrameSize)
    }
}
