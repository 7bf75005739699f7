/// What a player tells with a request: CTA-5004's Common Media Client Data.
///
/// Only a hint from outside: nothing here may decide what a viewer gets. Keys of version 2 are
/// tolerated; where its values are lists, the first member is taken.
package struct CMCDData: Hashable, Sendable {
    /// What is asked for, `ot`.
    package enum ObjectType: String, CaseIterable, Sendable {
        case manifest = "m"
        case audio = "a"
        case video = "v"
        case muxed = "av"
        case initSegment = "i"
        case captions = "c"
        case timedText = "tt"
        case key = "k"
        case other = "o"
    }

    /// How it is streamed, `sf`.
    package enum StreamingFormat: String, CaseIterable, Sendable {
        case dash = "d"
        case hls = "h"
        case smooth = "s"
        case other = "o"
    }

    /// Whether it ends, `st`.
    package enum StreamType: String, CaseIterable, Sendable {
        case vod = "v"
        case live = "l"
        /// Low-latency live, of version 2.
        case lowLatency = "ll"
    }

    /// Of the object, `br`.
    package var encodedBitrateKbps: UInt64?
    /// Of the best rendition that the player may choose, `tb`.
    package var topBitrateKbps: UInt64?
    /// Media in the buffer, `bl`.
    package var bufferLengthMilliseconds: UInt64?
    /// The buffer ran dry since the request before, and playback stalled: `bs`.
    package var isBufferStarved = false
    /// Wanted at once, for startup, seeking or after a stall: `su`.
    package var isStartup = false
    /// Playback time of the object, `d`.
    package var objectDurationMilliseconds: UInt64?
    /// Until the object is needed, `dl`.
    package var deadlineMilliseconds: UInt64?
    /// From server to client, `mtp`.
    package var measuredThroughputKbps: UInt64?
    /// The most that is asked for, `rtp`.
    package var requestedThroughputKbps: UInt64?
    /// In hundredths, 100 is real time: `pr`.
    package var playbackRateHundredths: UInt64?
    /// Decoded, relative to the address of this request: `nor`; see `nextObject(after:)`.
    package var nextObject: String?
    /// Of that object, such as `12323-48763`: `nrr`.
    package var nextRange: String?
    package var objectType: ObjectType?
    package var streamingFormat: StreamingFormat?
    package var streamType: StreamType?
    /// As a hash that differs from process to process, for nobody's name is kept: `sid`.
    package var sessionHash: Int?
    /// Likewise: `cid`.
    package var contentHash: Int?
    /// 1 where it is not told: `v`.
    package var version: UInt64 = 1
    /// Pairs that break the grammar, or whose value is none of their key's.
    package var faultCount = 0

    package init() {}
}
