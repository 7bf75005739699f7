/// `mvhd`: the movie's timescale and length.
///
/// ISO/IEC 14496-12 §8.2.2
package struct MovieHeaderBox: Hashable, Sendable {
    package var timescale: UInt32
    /// In `timescale`; 0 in a fragmented file, where the fragments say it.
    package var duration: UInt64
    package var nextTrackID: UInt32

    package init(timescale: UInt32, duration: UInt64 = 0, nextTrackID: UInt32) {
        self.timescale = timescale
        self.duration = duration
        self.nextTrackID = nextTrackID
    }

    package func write(to writer: inout BoxWriter) {
        let version: UInt8 = duration > UInt64(UInt32.max) ? 1 : 0
        writer.fullBox("mvhd", version: version) {
            $0.append(UInt64(0), version: version)  // creation_time
            $0.append(UInt64(0), version: version)  // modification_time
            $0.append(timescale)
            $0.append(duration, version: version)
            $0.append(UInt32(0x0001_0000))  // rate 1.0
            $0.append(UInt16(0x0100))  // volume 1.0
            $0.append(zeros: 10)
            $0.append(table: Track.identityMatrix)
            $0.append(zeros: 24)  // pre_defined
            $0.append(nextTrackID)
        }
    }
}
