/// `tkhd`: how a track takes part in the presentation.
///
/// ISO/IEC 14496-12 §8.3.2
package struct TrackHeaderBox: Hashable, Sendable {
    package var trackID: UInt32
    /// In the movie's timescale; 0 in a fragmented file.
    package var duration: UInt64
    package var isEnabled: Bool
    /// Tracks with the same number, 0 excepted, are alternatives of which one is played.
    package var alternateGroup: UInt16
    /// 8.8 fixed point: 1.0 for sound, 0 for all else.
    package var volume: UInt16
    package var matrix: [UInt32]
    /// Whole pixels; the box has 16.16 fixed point.
    package var displayWidth: Int
    package var displayHeight: Int

    package init(
        trackID: UInt32,
        duration: UInt64 = 0,
        isEnabled: Bool = true,
        alternateGroup: UInt16 = 0,
        volume: UInt16 = 0,
        matrix: [UInt32] = Track.identityMatrix,
        displayWidth: Int = 0,
        displayHeight: Int = 0
    ) {
        precondition(matrix.count == 9, "a matrix has nine values")
        self.trackID = trackID
        self.duration = duration
        self.isEnabled = isEnabled
        self.alternateGroup = alternateGroup
        self.volume = volume
        self.matrix = matrix
        self.displayWidth = displayWidth
        self.displayHeight = displayHeight
    }

    private enum Flag {
        static let enabled: UInt32 = 0x1
        static let inMovie: UInt32 = 0x2
        static let inPreview: UInt32 = 0x4
    }

    package func write(to writer: inout BoxWriter) {
        let version: UInt8 = duration > UInt64(UInt32.max) ? 1 : 0
        let flags = (isEnabled ? Flag.enabled : 0) | Flag.inMovie | Flag.inPreview
        writer.fullBox("tkhd", version: version, flags: flags) {
            $0.append(UInt64(0), version: version)  // creation_time
            $0.append(UInt64(0), version: version)  // modification_time
            $0.append(trackID)
            $0.append(zeros: 4)
            $0.append(duration, version: version)
            $0.append(zeros: 8)
            $0.append(UInt16(0))  // layer
            $0.append(alternateGroup)
            $0.append(volume)
            $0.append(zeros: 2)
            $0.append(table: matrix)
            $0.append(UInt32(UInt16(clamping: displayWidth)) << 16)
            $0.append(UInt32(UInt16(clamping: displayHeight)) << 16)
        }
    }
}
