/// `mdhd`: the timescale of a track's samples, their length and language.
///
/// ISO/IEC 14496-12 §8.4.2
package struct MediaHeaderBox: Hashable, Sendable {
    package var timescale: UInt32
    /// In `timescale`; 0 in a fragmented file.
    package var duration: UInt64
    /// BCP 47; what three letters cannot say stands in `elng`.
    package var language: String

    package init(timescale: UInt32, duration: UInt64 = 0, language: String) {
        self.timescale = timescale
        self.duration = duration
        self.language = language
    }

    package func write(to writer: inout BoxWriter) {
        let version: UInt8 = duration > UInt64(UInt32.max) ? 1 : 0
        writer.fullBox("mdhd", version: version) {
            $0.append(UInt64(0), version: version)  // creation_time
            $0.append(UInt64(0), version: version)  // modification_time
            $0.append(timescale)
            $0.append(duration, version: version)
            $0.append(PackedLanguage(tag: language).rawValue)
            $0.append(zeros: 2)
        }
    }
}
