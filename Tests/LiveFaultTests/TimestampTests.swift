import TestSupport
import Testing

extension LiveFaults {
    /// What encoders' clocks do, pushed byte by byte.
    @Suite(.timeLimit(.minutes(4)))
    struct TimestampTests {
        enum Oddity: String, CaseIterable, Sendable {
            /// An hour ahead, in the middle.
            case jumpsAhead
            /// Back to zero, in the middle.
            case startsOver
            /// An hour ahead, and back to where it was.
            case jumpsThereAndBack
            /// Over 24 bits: four hours and 39 minutes.
            case extends
            /// The same where chunks of type 3 do not repeat the timestamp.
            case extendsOnce
            /// Over 24 bits where the encoder has no more of them.
            case wrapsShort
            /// Over 32 bits: 49 days.
            case wraps
            /// Another resolution over the same connection.
            case changesSize
            /// Another codec for the sound.
            case changesCodec
            /// Sound three seconds later than picture.
            case soundIsLate
            /// Decoder configurations of no bytes, at first and in the middle.
            case emptyHeaders

            var habits: RawEncoder.Habits {
                switch self {
                case .extends: RawEncoder.Habits(chunkSize: 128)
                case .extendsOnce: RawEncoder.Habits(chunkSize: 4096, repeatsTimestamps: false)
                default: RawEncoder.Habits()
                }
            }

            /// What the stream's status counts.
            var jumps: Int {
                switch self {
                case .jumpsAhead, .startsOver: 1
                case .jumpsThereAndBack: 2
                default: 0
                }
            }

            var discontinuities: Int {
                switch self {
                case .changesSize, .changesCodec: 1
                default: jumps
                }
            }
        }

        @Test func streamsGoOnWhateverTheClockSays() async throws {
            let origin = try await LiveOrigin("segment_duration: 1s, target_duration: 3")
            try await withThrowingTaskGroup { group in
                for oddity in Oddity.allCases {
                    group.addTask { try await Self.push(oddity, to: origin) }
                }
                try await group.waitForAll()
            }
            await origin.stop()
            #expect(!origin.log.contains("complete=false"), "\(origin.log)")
            let complete = origin.log.split(separator: "\n").count { $0.contains("complete=true") }
            #expect(complete == Oddity.allCases.count)
            try await origin.expectDecodes()
        }

        private static func push(_ oddity: Oddity, to origin: LiveOrigin) async throws {
            let name = oddity.rawValue
            let pieces = try await pieces(oddity)
            let encoder = try RawEncoder(port: origin.rtmpPort, key: name, habits: oddity.habits)
            var live = PlaylistWatch()
            let wanted = Double(pieces.count) * 8 - 2
            async let sent: Void = encoder.send(pieces)
            try await origin.watch(&live, of: name, until: "\(oddity): all of it") { playlist in
                playlist.segments.reduce(0) { $0 + $1.seconds } >= wanted
            }
            try await sent
            #expect(live.faults == [], "\(oddity)")
            let status = try #require(try await origin.status(name))
            #expect(status.phase == "live" && status.publishes == 1, "\(oddity)")
            #expect(status.timestampJumps == oddity.jumps, "\(oddity)")
            let segments = try #require(live.newest?.segments)
            #expect(segments.allSatisfy { $0.seconds > 0.2 }, "\(oddity): slivers: \(segments)")
            let discontinuities = segments.last?.discontinuities ?? 0
            #expect(discontinuities == oddity.discontinuities, "\(oddity)")
            if oddity == .changesSize { #expect(status.tracks.first?.width == 640) }
        }

        private static func pieces(_ oddity: Oddity) async throws -> [FLVPiece] {
            let plain = try FLVTag.all(of: try await Clip.plain.path())
            let media = FLVTag.media(plain)
            let first = FLVPiece(tags: plain)
            let next = first.milliseconds
            switch oddity {
            case .jumpsAhead: return [first, FLVPiece(tags: media, shift: next + 3_600_000)]
            case .startsOver: return [FLVPiece(tags: plain, shift: 100_000), FLVPiece(tags: media)]
            case .jumpsThereAndBack:
                return [
                    first, FLVPiece(tags: media, shift: next + 3_600_000),
                    FLVPiece(tags: media, shift: 2 * next),
                ]
            case .extends, .extendsOnce: return [FLVPiece(tags: plain, shift: 16_773_000)]
            case .wrapsShort: return [FLVPiece(tags: plain, shift: 16_773_000, bits: 24)]
            case .wraps: return [FLVPiece(tags: plain, shift: .max - 4000)]
            case .changesSize, .changesCodec:
                let clip = oddity == .changesSize ? Clip.large : Clip.mp3
                let other = FLVTag.media(try FLVTag.all(of: try await clip.path()))
                return [first, FLVPiece(tags: other, shift: next)]
            case .soundIsLate:
                let late = plain.map { tag in
                    var tag = tag
                    if tag.type == 8, tag.timestamp > 0 { tag.timestamp += 3000 }
                    return tag
                }
                return [FLVPiece(tags: late.sorted { $0.timestamp < $1.timestamp })]
            case .emptyHeaders:
                func empty(at time: UInt32) -> [FLVTag] {
                    [
                        FLVTag(type: 9, timestamp: time, body: [0x17, 0, 0, 0, 0]),
                        FLVTag(type: 8, timestamp: time, body: [0xAF, 0]),
                    ]
                }
                let middle = plain.firstIndex { $0.timestamp > 4000 } ?? 0
                let begin = empty(at: 0) + plain[..<middle]
                return [FLVPiece(tags: begin + empty(at: 4000) + plain[middle...])]
            }
        }
    }
}
