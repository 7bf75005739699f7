/// What an operator can choose about packaging; part of the asset version, as it moves boundaries.
package struct PackagingConfiguration: Hashable, Sendable {
    /// Segments end at the first boundary at or after this much media.
    ///
    /// Default 4 s.
    package var targetSegmentDuration: MediaTime
    /// Whether HEVC is also offered in MPEG-TS.
    ///
    /// Default no: Apple's specification wants it in CMAF.
    package var allowsHEVCInTransportStream: Bool

    package init(
        targetSegmentDuration: MediaTime = MediaTime(4, timescale: 1),
        allowsHEVCInTransportStream: Bool = false
    ) {
        self.targetSegmentDuration = targetSegmentDuration
        self.allowsHEVCInTransportStream = allowsHEVCInTransportStream
    }
}
