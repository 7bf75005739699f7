package import Packaging
package import Segmenting

/// How playlists of the rewind window are written.
package struct RewindRendering: Sendable {
    /// The lines of one complete segment behind another one, or as the first of its playlist: then
    /// with its map, and without a discontinuity.
    package var segmentLines:
        @Sendable (_ segment: LiveSegment, _ previous: LiveSegment?, inout TextWriter) -> Void
    package var head: @Sendable (RewindHead, inout TextWriter) -> Void
    /// The multivariant playlist of the window; the presentation has no segments.
    package var multivariant: @Sendable (LivePresentation) -> [UInt8]

    package init(
        segmentLines:
            @escaping @Sendable (
                _ segment: LiveSegment, _ previous: LiveSegment?, inout TextWriter
            ) -> Void,
        head: @escaping @Sendable (RewindHead, inout TextWriter) -> Void,
        multivariant: @escaping @Sendable (LivePresentation) -> [UInt8]
    ) {
        self.segmentLines = segmentLines
        self.head = head
        self.multivariant = multivariant
    }
}

/// What stands in front of the segments of a window's media playlist.
package struct RewindHead: Hashable, Sendable {
    package var targetDurationSeconds: Int
    /// Counts within the window's playlists only: it never skips, as live numbers do after a crash.
    package var mediaSequence: UInt64
    package var discontinuitySequence: UInt64
    /// Every segment starts with a key frame.
    package var isIndependent: Bool
    /// A clip: nothing comes or goes.
    package var isWhole: Bool

    package init(
        targetDurationSeconds: Int,
        mediaSequence: UInt64,
        discontinuitySequence: UInt64,
        isIndependent: Bool,
        isWhole: Bool
    ) {
        self.targetDurationSeconds = targetDurationSeconds
        self.mediaSequence = mediaSequence
        self.discontinuitySequence = discontinuitySequence
        self.isIndependent = isIndependent
        self.isWhole = isWhole
    }
}
