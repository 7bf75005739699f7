import ISOBMFF

/// Events as `emsg` boxes for applications that read the media.
enum EventMessages {
    private static let unknownDuration = UInt32.max

    /// Writes one event.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - id: tells events of a stream apart.
    ///   - timescale: that of the track which carries it.
    ///   - writer: where to.
    static func write(
        _ event: LiveEvent,
        id: UInt32,
        timescale: UInt32,
        to writer: inout BoxWriter
    ) {
        let time = TrackClock.ticksInside(max(0, event.timeMicroseconds), timescale: timescale)
        let (scheme, message) = schemeAndMessage(of: event.payload)
        EventMessageBox(
            schemeIDURI: scheme,
            timescale: timescale,
            presentationTime: UInt64(time),
            eventDuration: unknownDuration,
            id: id,
            messageData: message
        ).write(to: &writer)
    }

    private static func schemeAndMessage(
        of payload: LiveEvent.Payload
    ) -> (scheme: String, message: [UInt8]) {
        switch payload {
        case .id3(let tag): ("https://aomedia.org/emsg/ID3", tag)
        case .spliceInfo(let section): ("urn:scte:scte35:2013:bin", section)
        // Players know no scheme for bare text, and all know ID3.
        case .text(let text): ("https://aomedia.org/emsg/ID3", id3Tag(of: text))
        }
    }

    /// A tag with the text in a user defined frame, `TXXX`, without a description.
    ///
    /// ID3v2.4.0 main structure §3.1, native frames §4.2.6
    private static func id3Tag(of text: String) -> [UInt8] {
        let utf8: [UInt8] = [3]
        let body = utf8 + [0] + Array(text.utf8)
        let frame = Array("TXXX".utf8) + syncsafe(body.count) + [0, 0] + body
        return Array("ID3".utf8) + [4, 0, 0] + syncsafe(frame.count) + frame
    }

    private static func syncsafe(_ count: Int) -> [UInt8] {
        [21, 14, 7, 0].map { UInt8(truncatingIfNeeded: count >> $0) & 0x7F }
    }
}
