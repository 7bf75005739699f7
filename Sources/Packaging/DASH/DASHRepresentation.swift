import ISOBMFF

/// One track of an adaptation set.
///
/// ISO/IEC 23009-1 §5.3.5
package struct DASHRepresentation {
    package var track: AssetTrack
    package var bandwidth: Int

    package init(track: AssetTrack, bandwidth: Int) {
        self.track = track
        self.bandwidth = bandwidth
    }

    /// Writes the element, with segments of its own where the set does not have them.
    func write(segments: DASHSegments?, to writer: inout TextWriter) {
        guard let segments else { return write(content: [], to: &writer) }
        var content = TextWriter(capacity: 256)
        if segments.areNumbered {
            segments.writeTemplate(to: &content)
        } else {
            segments.writeList(track: track.name, to: &content)
        }
        write(content: content.bytes, to: &writer)
    }

    /// Writes the element around what stands in it, which may be nothing.
    package func write(content: [UInt8], to writer: inout TextWriter) {
        writer.append("<Representation")
        writer.xml("id", track.name)
        writer.xml("bandwidth", bandwidth)
        writer.xml("codecs", track.codecStrings(format: .cmaf).joined(separator: ","))
        writeSupplementalCodecs(to: &writer)
        if let picture = track.dashPicture {
            writer.xml("width", picture.width)
            writer.xml("height", picture.height)
            writer.xml("sar", picture.sampleAspectRatio)
        }
        if track.kind == .video, let rate = track.dashFrameRate { writer.xml("frameRate", rate) }
        if let audio = track.sampleEntries.first?.audio, audio.sampleRate > 0 {
            writer.xml("audioSamplingRate", Int64(audio.sampleRate))
        }
        guard !content.isEmpty else { return writer.append("/>\n") }
        writer.append(">\n")
        writer.append(content)
        writer.append("</Representation>\n")
    }

    /// Writes the codec beyond the base layer and its compatibility brand. ANSI/SCTE 214-1 §A
    private func writeSupplementalCodecs(to writer: inout TextWriter) {
        guard let text = track.supplementalCodecStrings.first else { return }
        let parts = text.split(separator: "/").map(String.init)
        guard parts.count == 2 else { return }
        writer.xml("scte214:supplementalCodecs", parts[0])
        writer.xml("scte214:supplementalProfiles", parts[1])
    }
}

/// The picture of a video as DASH says it: samples, and the shape of a sample.
package struct DASHPicture {
    /// Samples after rotation.
    package var width: Int
    package var height: Int
    private var sampleWidth: Int
    private var sampleHeight: Int

    init?(_ track: AssetTrack) {
        guard let video = track.sampleEntries.first?.video, video.width > 0, video.height > 0 else {
            return nil
        }
        (width, height) = (video.width, video.height)
        sampleWidth = max(1, Int(video.pixelAspectHorizontal))
        sampleHeight = max(1, Int(video.pixelAspectVertical))
        if track.rotationDegrees % 180 != 0 {
            (width, height) = (height, width)
            (sampleWidth, sampleHeight) = (sampleHeight, sampleWidth)
        }
    }

    var sampleAspectRatio: String { Self.ratio(sampleWidth, sampleHeight) }
    package var aspectRatio: String { Self.ratio(width * sampleWidth, height * sampleHeight) }

    /// Whether both have the same shape to within a hundredth, as 854 x 480 and 1280 x 720.
    package func hasAspectRatio(of other: DASHPicture) -> Bool {
        let own = Double(width * sampleWidth) / Double(height * sampleHeight)
        let others =
            Double(other.width * other.sampleWidth)
            / Double(other.height * other.sampleHeight)
        return abs(own / others - 1) < 0.01
    }

    private static func ratio(_ width: Int, _ height: Int) -> String {
        let divisor = greatestCommonDivisor(width, height)
        return "\(width / divisor):\(height / divisor)"
    }
}

extension AssetTrack {
    /// Nil for audio, and for a video whose size is not known.
    package var dashPicture: DASHPicture? { kind == .video ? DASHPicture(self) : nil }

    /// `25` or `30000/1001`; nil where not known.
    package var dashFrameRate: String? {
        guard frameRateNumerator > 0, frameRateDenominator > 0 else { return nil }
        let (numerator, denominator) = (Int(frameRateNumerator), Int(frameRateDenominator))
        let divisor = greatestCommonDivisor(numerator, denominator)
        return denominator == divisor
            ? "\(numerator / divisor)" : "\(numerator / divisor)/\(denominator / divisor)"
    }

    /// What the track's sample entries offer beyond their base layer, each once.
    package var supplementalCodecStrings: [String] {
        sampleEntries.compactMap(\.supplementalCodecString).unique
    }
}

private func greatestCommonDivisor(_ one: Int, _ two: Int) -> Int {
    var (divisor, rest) = (one, two)
    while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
    return max(1, divisor)
}
