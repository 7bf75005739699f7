import ISOBMFF
import Packaging

extension LiveTrack {
    /// The track's CMAF header.
    ///
    /// - Throws: `ISOBMFFError` where the sample entry cannot be written as ISO/IEC 14496-12 has it.
    func header() throws(ISOBMFFError) -> [UInt8] {
        let size = displaySize
        return CMAFHeader(
            kind: id.kind == .video ? .video : .audio,
            name: label,
            timescale: timescale,
            language: language,
            displayWidth: size.width,
            displayHeight: size.height,
            sampleEntry: try sampleEntry.isoBoxBytes(),
            codecBrands: sampleEntry.brands
        ).bytes
    }

    /// Made square by the width, as the VOD packager does.
    private var displaySize: (width: Int, height: Int) {
        guard let video = sampleEntry.video else { return (0, 0) }
        let across = Int(video.pixelAspectHorizontal)
        let down = Int(video.pixelAspectVertical)
        guard across > 0, down > 0 else { return (video.width, video.height) }
        return ((video.width * across + down / 2) / down, video.height)
    }

    /// Whether samples of `other` need the same header: all else is for playlists.
    func isCoded(as other: LiveTrack) -> Bool {
        id == other.id && timescale == other.timescale && sampleEntry == other.sampleEntry
            && language == other.language
    }
}
