package import ISOBMFF

/// CMAF headers and segments as plans, the same bytes for HLS and DASH.
///
/// ISO/IEC 23000-19
package enum CMAF {}

extension CMAF {
    /// The header of a track: what `#EXT-X-MAP` and a DASH initialization segment name.
    ///
    /// A track whose coding changes has a header for each of its `sampleEntries`, into which
    /// `descriptionIndex` points, 0-based. Throws `PackagingError.notFound` where there is no such
    /// description, `ISOBMFFError` where it cannot be written as ISO/IEC 14496-12 has it.
    package static func initSegment(track: AssetTrack, descriptionIndex: Int = 0) throws -> Plan {
        guard track.sampleEntries.indices.contains(descriptionIndex) else {
            throw PackagingError.notFound
        }
        let entry = track.sampleEntries[descriptionIndex]
        let display = track.displaySize(of: entry)
        let header = CMAFHeader(
            kind: track.handlerKind,
            name: track.label,
            timescale: track.timescale,
            language: track.language,
            matrix: track.matrix,
            displayWidth: display.width,
            displayHeight: display.height,
            editMediaTime: track.editMediaTime,
            sampleEntry: try entry.isoBoxBytes(),
            codecBrands: entry.brands
        )
        return Plan(header: header.bytes, ranges: [])
    }
}

extension AssetTrack {
    var handlerKind: Track.Kind {
        switch kind {
        case .video: .video
        case .audio: .audio
        }
    }

    /// The size of `tkhd`; where the source sets none, the coded size made square by `pasp`.
    func displaySize(of entry: SampleEntry?) -> (width: Int, height: Int) {
        guard let video = entry?.video else { return (0, 0) }
        if displayWidth > 0, displayHeight > 0 {
            return (displayWidth, displayHeight)
        }
        let horizontal = Int(video.pixelAspectHorizontal)
        let vertical = Int(video.pixelAspectVertical)
        guard horizontal > 0, vertical > 0 else { return (video.width, video.height) }
        return ((video.width * horizontal + vertical / 2) / vertical, video.height)
    }
}

extension SampleEntry {
    /// Brands that a file with such samples must name.
    package var brands: [FourCC] {
        switch codec {
        case .av1: ["av01"]
        default: video?.dolbyVision == nil ? [] : ["dby1"]
        }
    }
}
