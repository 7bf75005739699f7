/// `prft` version 1: the wall time at which a live fragment's media was made.
///
/// ISO/IEC 14496-12 §8.16.5
package struct ProducerReferenceTimeBox: Hashable, Sendable {
    package var referenceTrackID: UInt32
    /// Seconds since 1900 in the upper 32 bits, fractions in the lower. RFC 5905 §6
    package var ntpTimestamp: UInt64
    /// In the track's timescale: the decode time that `ntpTimestamp` belongs to.
    package var mediaTime: UInt64
    /// What the wall time was taken of.
    package var moment: Moment

    /// The flags of the box that name the moment.
    package enum Moment: UInt32, Sendable {
        case encoderInput = 0
        case encoderOutput = 1
        case finalized = 2
        case written = 4
    }

    package init(
        referenceTrackID: UInt32 = 1,
        ntpTimestamp: UInt64,
        mediaTime: UInt64,
        moment: Moment = .encoderInput
    ) {
        self.referenceTrackID = referenceTrackID
        self.ntpTimestamp = ntpTimestamp
        self.mediaTime = mediaTime
        self.moment = moment
    }

    package func write(to writer: inout BoxWriter) {
        writer.fullBox("prft", version: 1, flags: moment.rawValue) {
            $0.append(referenceTrackID)
            $0.append(ntpTimestamp)
            $0.append(mediaTime)
        }
    }
}
