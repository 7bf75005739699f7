import ISOBMFF
package import Segmenting

/// Turns what one publisher sends into tracks, samples and events.
///
/// FLV tags come in as the chunk stream has them; out come sample entries, access units and exact
/// times on one timeline. At the start, samples wait until the tracks are known and the first
/// frames have shown their rate. Then every frame goes on at once, with a single allocation for its
/// bytes. What cannot be understood is dropped and counted; what makes the rest senseless is thrown.
///
/// A value without clocks, used by one thread at a time.
///
/// Adobe Flash Video File Format Specification 10.1 annex E; Enhanced RTMP v2
package struct LiveSource: Sendable {
    let configuration: LiveSourceConfiguration
    /// In the order in which they came.
    var tracks: [SourceTrack] = []
    /// nil until the start.
    var timeline: LiveTimeline?
    /// What waits for the start.
    var waiting: [SourceSample] = []
    var waitingBytes = 0
    /// The announced tracks are no longer those that are.
    var areTracksChanged = false
    var deliveries = 0
    var counts = LiveSourceStatistics()
    private var unwrapper = TimestampUnwrapper()
    private var units = NALUnitRanges()
    private var invalidMessages = 0
    /// Discontinuities up to the minute that goes on, and when that began.
    private var breaksBefore: (count: Int, arrivalMicroseconds: Int64)?

    package init(configuration: LiveSourceConfiguration = LiveSourceConfiguration()) {
        self.configuration = configuration
    }

    /// What came so far.
    package var statistics: LiveSourceStatistics {
        var statistics = counts
        statistics.tracks = tracks.map { track in
            var one = track.statistics
            one.gaps = (track.videoTiming?.gaps ?? 0) + (track.audioTiming?.gaps ?? 0)
            return one
        }.sorted { $0.id < $1.id }
        return statistics
    }

    /// Takes one message.
    ///
    /// - Parameters:
    ///   - kind: what it holds.
    ///   - timestamp: milliseconds as the chunk stream has them, 32 bits that wrap.
    ///   - body: the message without chunk headers.
    ///   - arrivalMicroseconds: when its last byte came, since 1970.
    ///   - inputs: what it gives is put behind what is there.
    /// - Throws: what makes it senseless to go on.
    package mutating func receive(
        _ kind: RTMPMediaKind,
        timestamp: UInt32,
        body: Span<UInt8>,
        arrivalMicroseconds: Int64,
        into inputs: inout [LiveInput]
    ) throws(LiveSourceError) {
        counts.messages += 1
        counts.bytes += body.count
        let limit = configuration.limits.messageBytes
        guard body.count <= limit else {
            throw .messageTooLarge(sizeBytes: body.count, limitBytes: limit)
        }
        guard timeline?.latest ?? 0 < TimingLimits.longestPublish else { throw .publishTooLong }
        guard kind != .data else {
            receiveData(timestamp, body, into: &inputs)
            return
        }
        let reading: FLVTagReader.Kind = kind == .video ? .video : .audio
        guard var reader = try open(reading, body) else { return }
        // A sequence header's time says nothing: encoders leave it at 0.
        var stamp: Int64?
        while let tag = try next(&reader, body) {
            if tag.packet == .codedFrames, stamp == nil {
                stamp = unwrapper.unwrap(timestamp) * 1000
            }
            try take(
                tag,
                reading,
                stamp: (stamp ?? 0) + Int64(tag.nanoseconds / 1000),
                body,
                arrivalMicroseconds,
                into: &inputs
            )
        }
        try checkBreaks(arrivalMicroseconds)
    }

    private mutating func checkBreaks(_ arrival: Int64) throws(LiveSourceError) {
        let count = counts.jumps + counts.formatChanges
        let limits = configuration.limits
        guard let before = breaksBefore,
            (arrival - before.arrivalMicroseconds).magnitude < limits.breakMicroseconds
        else {
            breaksBefore = (count, arrival)
            return
        }
        if count - before.count > limits.breaks { throw .tooManyBreaks(limits.breaks) }
    }

    /// Lets go of what still waits for the start: the publish is over.
    package mutating func finish(into inputs: inout [LiveInput]) {
        if timeline == nil, !waiting.isEmpty { start(into: &inputs) }
    }

    // MARK: Tags

    private mutating func open(
        _ kind: FLVTagReader.Kind,
        _ body: Span<UInt8>
    ) throws(LiveSourceError) -> FLVTagReader? {
        do throws(FLVTagError) {
            return try FLVTagReader(kind, body)
        } catch {
            try report(error)
            return nil
        }
    }

    private mutating func next(
        _ reader: inout FLVTagReader,
        _ body: Span<UInt8>
    ) throws(LiveSourceError) -> FLVTag? {
        do throws(FLVTagError) {
            return try reader.next(body)
        } catch {
            try report(error)
            return nil
        }
    }

    private mutating func report(_ error: FLVTagError) throws(LiveSourceError) {
        switch error {
        case .truncated: try drop(.malformed)
        case .unsupportedCodec(let name): throw .unsupportedCodec(name)
        }
    }

    /// Counts what is left out; only so much of it in a row.
    private mutating func drop(_ reason: LiveSourceStatistics.Drop) throws(LiveSourceError) {
        counts.count(reason)
        guard reason == .malformed || reason == .invalidConfiguration else { return }
        invalidMessages += 1
        let limit = configuration.limits.invalidMessages
        if invalidMessages > limit { throw .tooManyInvalidMessages(limit) }
    }

    private mutating func take(
        _ tag: FLVTag,
        _ kind: FLVTagReader.Kind,
        stamp: Int64,
        _ body: Span<UInt8>,
        _ arrival: Int64,
        into inputs: inout [LiveInput]
    ) throws(LiveSourceError) {
        switch tag.packet {
        case .sequenceStart:
            guard let index = try trackIndex(tag, kind) else { return try drop(.trackLimit) }
            try configure(index, tag.body, body)
        case .codedFrames:
            guard let index = try trackIndex(tag, kind) else { return try drop(.trackLimit) }
            guard !tag.body.isEmpty else { return }
            if kind == .video {
                try takeVideo(index, tag, stamp, body, arrival, into: &inputs)
            } else {
                try takeAudio(index, tag, stamp, body, arrival, into: &inputs)
            }
        case .metadata:
            guard let index = try trackIndex(tag, kind),
                tag.body.count <= configuration.limits.configurationBytes
            else { return }
            if let range = DynamicRange(Bytes.copy(body, tag.body)) {
                tracks[index].video?.set(range)
                noticeFormat(index)
            }
        case .mpeg2TSSequenceStart:
            throw .unsupportedPacking("an MPEG-2 transport stream's sequence start")
        case .sequenceEnd, .multichannelConfiguration, .other:
            // Layouts stand in the codecs' own configurations; the end shows in what follows.
            return
        }
    }

    /// The track of a tag, a new one where it is new; nil beyond the limit.
    private mutating func trackIndex(
        _ tag: FLVTag,
        _ kind: FLVTagReader.Kind
    ) throws(LiveSourceError) -> Int? {
        let id = LiveTrackID(kind == .video ? .video : .audio, tag.track)
        let found = tracks.firstIndex { $0.id == id }
        if let found {
            let codec = kind == .video ? tracks[found].video?.codec : tracks[found].audio?.codec
            if codec == tag.codec { return found }
        }
        let (video, audio) = (VideoAssembly(codec: tag.codec), AudioAssembly(codec: tag.codec))
        guard kind == .video ? video != nil : audio != nil else {
            throw .unsupportedCodec(tag.codec.description)
        }
        guard let found else {
            let sameKind = tracks.lazy.filter { $0.id.kind == id.kind }.count
            guard sameKind < configuration.limits.tracks else { return nil }
            var track = SourceTrack(id)
            if kind == .video { track.video = video } else { track.audio = audio }
            tracks.append(track)
            return tracks.count - 1
        }
        // Another codec in the middle of a publish.
        tracks[found].formatNumber = 0
        if kind == .video { tracks[found].video = video } else { tracks[found].audio = audio }
        forgetWaiting(id)
        return found
    }

    private mutating func configure(
        _ index: Int,
        _ range: Range<Int>,
        _ body: Span<UInt8>
    ) throws(LiveSourceError) {
        guard range.count <= configuration.limits.configurationBytes else {
            return try drop(.invalidConfiguration)
        }
        let isVideo = tracks[index].video != nil
        let isUsable =
            isVideo
            ? tracks[index].video?.configure(body, range)
            : tracks[index].audio?.configure(body, range)
        guard isUsable == true else { return try drop(.invalidConfiguration) }
        if noticeFormat(index) { tracks[index].video?.waitForSync() }
    }

    // MARK: Frames

    private mutating func takeVideo(
        _ index: Int,
        _ tag: FLVTag,
        _ stamp: Int64,
        _ body: Span<UInt8>,
        _ arrival: Int64,
        into inputs: inout [LiveInput]
    ) throws(LiveSourceError) {
        let outcome = tracks[index].video?.frame(
            body,
            tag.body,
            units: &units,
            limits: configuration.limits
        )
        noticeFormat(index)
        try tracks[index].watchKeyFrames(outcome, arrival, configuration.limits)
        switch outcome {
        case .frame(let bytes, let isSync):
            invalidMessages = 0
            let most = configuration.limits.compositionMilliseconds
            let isPossible = tag.compositionMilliseconds.magnitude <= most
            let sample = SourceSample(
                track: tracks[index].id,
                stamp: stamp,
                composition: isPossible ? Int64(tag.compositionMilliseconds) * 1000 : 0,
                samples: 0,
                isSync: isSync,
                arrivalMicroseconds: arrival,
                bytes: bytes
            )
            lookForCaptions(index, bytes)
            pass(sample, into: &inputs)
        case .dropped(let reason):
            try drop(reason)
        case .nothing, nil:
            return
        }
    }

    private mutating func takeAudio(
        _ index: Int,
        _ tag: FLVTag,
        _ stamp: Int64,
        _ body: Span<UInt8>,
        _ arrival: Int64,
        into inputs: inout [LiveInput]
    ) throws(LiveSourceError) {
        var rest = tag.body
        var (stamp, frames) = (stamp, 0)
        while !rest.isEmpty, frames < configuration.limits.audioFrames {
            let outcome = tracks[index].audio?.next(body, &rest)
            noticeFormat(index)
            guard case .frame(let range, let samples)? = outcome else {
                if case .dropped(let reason)? = outcome { try drop(reason) }
                return
            }
            invalidMessages = 0
            frames += 1
            let sample = SourceSample(
                track: tracks[index].id,
                stamp: stamp,
                composition: 0,
                samples: samples,
                isSync: true,
                arrivalMicroseconds: arrival,
                bytes: Bytes.copy(body, range)
            )
            let rate = Int64(max(1, tracks[index].audio?.sampleRate ?? 1))
            stamp += Int64(samples) * 1_000_000 / rate
            pass(sample, into: &inputs)
        }
    }

    /// Captions show in the first frames; a master playlist says them from the start on or not.
    private mutating func lookForCaptions(_ index: Int, _ bytes: [UInt8]) {
        guard tracks[index].captionLooks < configuration.limits.captionFrames else { return }
        tracks[index].lookForCaptions(bytes, headBytes: configuration.limits.captionHeadBytes)
    }

    private mutating func receiveData(
        _ timestamp: UInt32,
        _ body: Span<UInt8>,
        into inputs: inout [LiveInput]
    ) {
        guard body.count <= configuration.limits.eventBytes else { return counts.count(.data) }
        switch DataMessage(Bytes.copy(body, 0..<body.count)) {
        case .metadata(let metadata):
            counts.metadata = metadata
        case .event(let payload):
            // Its time is on the media's clock, which begins with the media.
            guard let timeline else { return counts.count(.data) }
            var clock = unwrapper
            let time = timeline.time(of: clock.unwrap(timestamp) * 1000)
            counts.events += 1
            inputs.append(.event(LiveEvent(timeMicroseconds: time, payload: payload)))
        case nil:
            counts.count(.data)
        }
    }
}
