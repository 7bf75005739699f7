import ISOBMFF

/// What `EXT-X-STREAM-INF` and `EXT-X-I-FRAME-STREAM-INF` say of a variant.
///
/// RFC 8216bis §4.4.6.2, §4.4.6.3
package struct HLSVariantTag {
    var bandwidth: HLSBandwidth
    /// Of all sample entries that a player may meet, each once.
    var codecs: [String]
    /// Set where the variant has video.
    var video: AssetTrack?
    /// As it stands behind the equals sign.
    var closedCaptions: String?
    var audioGroupID: String?
    var subtitleGroupID: String?
    var uri: String

    package init(
        bandwidth: HLSBandwidth,
        codecs: [String],
        video: AssetTrack? = nil,
        closedCaptions: String? = nil,
        audioGroupID: String? = nil,
        subtitleGroupID: String? = nil,
        uri: String
    ) {
        self.bandwidth = bandwidth
        self.codecs = codecs
        self.video = video
        self.closedCaptions = closedCaptions
        self.audioGroupID = audioGroupID
        self.subtitleGroupID = subtitleGroupID
        self.uri = uri
    }

    package func write(to writer: inout TextWriter) {
        writer.append("#EXT-X-STREAM-INF:")
        writeCommon(to: &writer)
        if let video, video.frameRateThousandths > 0 {
            writer.attribute("FRAME-RATE", thousandths: video.frameRateThousandths)
        }
        if let closedCaptions { writer.attribute("CLOSED-CAPTIONS", closedCaptions) }
        if let audioGroupID { writer.attribute("AUDIO", quoted: audioGroupID) }
        if let subtitleGroupID { writer.attribute("SUBTITLES", quoted: subtitleGroupID) }
        writer.append("\n")
        writer.append(uri)
        writer.append("\n")
    }

    /// Writes the variant's key frames, which have an address of their own.
    func writeIFrames(to writer: inout TextWriter) {
        writer.append("#EXT-X-I-FRAME-STREAM-INF:")
        writeCommon(to: &writer)
        writer.attribute("URI", quoted: uri)
        writer.append("\n")
    }

    private func writeCommon(to writer: inout TextWriter) {
        writer.attribute("BANDWIDTH", bandwidth.peak)
        writer.attribute("AVERAGE-BANDWIDTH", bandwidth.average)
        writer.attribute("CODECS", quoted: codecs.joined(separator: ","))
        guard let video else { return }
        let supplemental = video.sampleEntries.compactMap(\.supplementalCodecString).unique
        if !supplemental.isEmpty {
            writer.attribute("SUPPLEMENTAL-CODECS", quoted: supplemental.joined(separator: ","))
        }
        let size = video.displaySize
        if size.width > 0, size.height > 0 {
            writer.attribute("RESOLUTION", "\(size.width)x\(size.height)")
        }
        writer.attribute("VIDEO-RANGE", video.videoRange.rawValue)
    }
}

extension AssetTrack {
    /// The widest range of all sample entries.
    package var videoRange: VideoRange {
        let ranges = sampleEntries.map(\.videoRange)
        return ranges.first { $0 != .standard } ?? .standard
    }

    /// The codec strings of all sample entries, each once.
    func codecStrings(format: MediaAddress.HLSFormat) -> [String] {
        sampleEntries.map { entry in
            format == .cmaf ? entry.codecString : entry.transportStreamCodecString
        }.unique
    }
}
