/// `trex`: tells that a track's samples come in fragments.
///
/// Its defaults are all 0, so that a fragment can be read without them, as `cmf2` asks.
///
/// ISO/IEC 14496-12 §8.8.3; ISO/IEC 23000-19 §7.5.14
package struct TrackExtendsBox: Hashable, Sendable {
    package var trackID: UInt32

    package init(trackID: UInt32) {
        self.trackID = trackID
    }

    package func write(to writer: inout BoxWriter) {
        writer.fullBox("trex") {
            $0.append(trackID)
            $0.append(UInt32(1))  // default_sample_description_index
            $0.append(UInt32(0))  // default_sample_duration
            $0.append(UInt32(0))  // default_sample_size
            $0.append(UInt32(0))  // default_sample_flags
        }
    }
}
