import Live
import Logging
import Segmenting
import TestSupport
import Testing

/// Publishers that would fill the memory: all of them end, with the reason.
///
/// Seen in a review: what waits was counted in samples and media time, and an encoder whose times
/// stand still has neither.
@Suite(.timeLimit(.minutes(1)))
struct PublisherMemoryTests {
    private static let frameBytes = 1 << 20

    /// An AVC frame of about a megabyte; of no picture that a decoder would take.
    private static func frame(isKey: Bool, sizeBytes: Int = frameBytes) -> [UInt8] {
        let unit = [isKey ? 0x65 : 0x41] + [UInt8](repeating: 7, count: sizeBytes)
        let size = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: unit.count >> $0) }
        return [isKey ? 0x17 : 0x27, 1, 0, 0, 0] + size + unit
    }

    /// Sends until the publish is ended; the messages that it took, and why it ended.
    private func end(
        of publication: any Publication,
        atMost count: Int = 2000,
        _ message: (Int) -> (kind: RTMPMediaKind, milliseconds: Int, body: [UInt8])
    ) throws -> (messages: Int, reason: String)? {
        for index in 0..<count {
            let (kind, time, body) = message(index)
            do {
                try publication.receive(kind, timestamp: UInt32(time), body: body.span)
            } catch {
                let reason = "\(error)"
                publication.end(.invalid(reason))
                return (index, reason)
            }
        }
        return nil
    }

    /// A hub as the origin has it, without a disk.
    private func hub() -> LiveHub {
        var configuration = LiveHubConfiguration()
        configuration.targetDurationSeconds = 2
        var segments = SegmenterConfiguration()
        segments.targetDurationSeconds = 2
        return LiveHub(
            configuration: configuration,
            parts: LiveHub.Parts(
                rendering: SegmentingRendering(),
                stages: .standard(segments),
                clock: ManualClock()
            ),
            logger: Logger(label: "test")
        )
    }

    private func publish(_ hub: LiveHub) throws -> any Publication {
        let publication = try hub.begin(
            PublishAttempt(application: "live", key: "s", clientAddress: "192.0.2.1"),
            grant: PublishGrant(streamID: "s"),
            connection: SyntheticPublisher.Connection()
        ).get()
        let header = EncodedMedia.avcSequenceHeader
        try publication.receive(.video, timestamp: 0, body: header.span)
        return publication
    }

    @Test func largeFramesWhoseTimeStandsStillEndThePublish() throws {
        let (key, frame) = (Self.frame(isKey: true), Self.frame(isKey: false))
        let end = try #require(
            try end(of: try publish(hub())) { (.video, 0, $0 == 0 ? key : frame) }
        )
        // What waits for the start, and as much again.
        #expect(end.messages < 90)
        #expect(end.reason.contains("wait"))
    }

    @Test func aStreamOfTooManyBytesEndsAndMayComeBack() throws {
        let hub = hub()
        let (key, frame) = (Self.frame(isKey: true), Self.frame(isKey: false))
        // 250 Mbps: a megabyte each 33 ms.
        let end = try #require(
            try end(of: try publish(hub)) {
                (.video, $0 * 33, $0.isMultiple(of: 30) ? key : frame)
            }
        )
        #expect(end.reason.contains("newest segments"))
        #expect(end.messages < 300)
        let again = try publish(hub)
        let returned = try self.end(of: again, atMost: 60) {
            (.video, $0 * 33, Self.frame(isKey: $0.isMultiple(of: 30), sizeBytes: 10_000))
        }
        #expect(returned == nil)
        again.end(.unpublished)
    }

    @Test func aFormatThatChangesWithEveryFrameEndsThePublish() throws {
        let key = Self.frame(isKey: true, sizeBytes: 100)
        let end = try #require(
            try end(of: try publish(hub())) { index in
                // It has to begin first.
                let header = EncodedMedia.avcSequenceHeaders[index / 2 % 2]
                let isHeader = index > 100 && index.isMultiple(of: 2)
                return (.video, index * 17, isHeader ? header : key)
            }
        )
        #expect(end.reason.contains("formats changed"))
        #expect(end.messages < 500)
    }

    @Test func manyTinyMessagesThatWaitForATrackAreCounted() throws {
        let hub = hub()
        let publication = try publish(hub)
        // A second track's samples, while the first one's time stands still.
        func tagged(_ body: [UInt8], packet: UInt8, _ track: UInt8, isKey: Bool) -> [UInt8] {
            [0x86 | (isKey ? 0x10 : 0x20), packet] + Array("avc1".utf8) + [track] + body
        }
        for track in 1...7 {
            let record = Array(EncodedMedia.avcSequenceHeader.dropFirst(5))
            let header = tagged(record, packet: 0, UInt8(track), isKey: true)
            try publication.receive(.video, timestamp: 0, body: header.span)
        }
        let end = try end(of: publication, atMost: 3_000) { index in
            let unit: [UInt8] = [0x65] + [UInt8](repeating: 7, count: 100_000)
            let size = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: unit.count >> $0) }
            let body: [UInt8] = [0, 0, 0] + size + unit
            return (.video, 0, tagged(body, packet: 1, UInt8(1 + index % 7), isKey: true))
        }
        #expect(try #require(end).messages < 1000)
    }
}

/// What an encoder's configuration looks like, by hand.
enum EncodedMedia {
    /// Constrained baseline, 320x180 and 640x360.
    static let avcSequenceHeaders = sequenceSets.map(record)
    static let avcSequenceHeader = avcSequenceHeaders[0]

    private static let sequenceSets: [[UInt8]] = [
        [
            0x67, 0x42, 0xC0, 0x0D, 0xDA, 0x05, 0x06, 0x7E, 0x7C, 0x04, 0x40, 0x00, 0x00, 0x03,
            0x00,
            0x40, 0x00, 0x00, 0x0F, 0x03, 0xC5, 0x0A, 0xA8,
        ],
        [
            0x67, 0x42, 0xC0, 0x1E, 0xDA, 0x02, 0x80, 0xBF, 0xE5, 0xC0, 0x44, 0x00, 0x00, 0x03,
            0x00,
            0x04, 0x00, 0x00, 0x03, 0x00, 0xF0, 0x3C, 0x58, 0xBA, 0x80,
        ],
    ]

    private static func record(_ sequenceSet: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [0x17, 0, 0, 0, 0, 1, 0x42, 0xC0, 0x1E, 0xFF, 0xE1, 0]
        bytes.append(UInt8(sequenceSet.count))
        bytes += sequenceSet
        let pictureSet: [UInt8] = [0x68, 0xCE, 0x0F, 0xC8]
        bytes += [1, 0, UInt8(pictureSet.count)]
        return bytes + pictureSet
    }
}
