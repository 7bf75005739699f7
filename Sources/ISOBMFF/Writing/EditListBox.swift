/// `edts` with its `elst`: which part of a track's media is presented, and when.
///
/// ISO/IEC 14496-12 §8.6.5, §8.6.6
package struct EditListBox: Hashable, Sendable {
    package var entries: [Entry]

    package struct Entry: Hashable, Sendable {
        /// In the movie's timescale; 0 in a fragmented file: to the end, however long it gets.
        package var segmentDuration: UInt64
        /// Composition time in the track's timescale; nil is an empty edit.
        package var mediaTime: Int64?

        package init(segmentDuration: UInt64, mediaTime: Int64?) {
            self.segmentDuration = segmentDuration
            self.mediaTime = mediaTime
        }
    }

    package init(entries: [Entry]) {
        self.entries = entries
    }

    package func write(to writer: inout BoxWriter) {
        let fits = entries.allSatisfy {
            $0.segmentDuration <= UInt64(UInt32.max) && ($0.mediaTime ?? 0) <= Int64(Int32.max)
        }
        let version: UInt8 = fits ? 0 : 1
        writer.box("edts") {
            $0.fullBox("elst", version: version) {
                $0.append(UInt32(entries.count))
                for entry in entries {
                    $0.append(entry.segmentDuration, version: version)
                    $0.append(UInt64(bitPattern: entry.mediaTime ?? -1), version: version)
                    $0.append(UInt32(0x0001_0000))  // media_rate 1.0
                }
            }
        }
    }
}
