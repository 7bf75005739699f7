package import NIOCore

/// A viewer of a video: start, steady fetching at the buffer's pace, switches, seeks, leaving.
///
/// One request at a time, as on one connection: `next` decides which from what is there already.
package struct VODPlayer: Player {
    struct Track {
        /// In the multivariant playlist's terms; nil where the track shares the variant's.
        var address: String?
        var playlist: MediaPlaylist?
        /// The next segment.
        var index = 0
        var map: Int?
    }

    private let start: String
    private let authority: String
    private let settings: PlayerSettings
    private let sessionID: String
    private var random: SplitMix
    private var line: ViewerLine
    private var choice: BitrateChoice
    private var buffer: PlaybackBuffer
    private var multivariant: (playlist: MultivariantPlaylist, address: String)?
    private var variant: Int?
    private var tracks: [Track] = []
    private var known: [String: MediaPlaylist] = [:]
    private var faultsInARow = 0
    private var mayChange = true
    /// Nothing is asked for before.
    private var retryAt: NIODeadline?
    private var isBusy = false
    private var leaveSeconds: Double
    private var fetching = 0
    package private(set) var quality = QualityFacts()
    package var playback: PlaybackBuffer? { buffer }

    /// `address` is that of the multivariant playlist, `authority` the server's, for absolute
    /// addresses in playlists; `seed` decides line, seeks and leaving.
    package init(
        address: String,
        authority: String,
        settings: PlayerSettings,
        seed: UInt64,
        now: NIODeadline
    ) {
        start = address
        self.authority = authority
        self.settings = settings
        random = SplitMix(seed: seed)
        sessionID = String(seed, radix: 16)
        let bits = settings.lineBits.randomElement(using: &random) ?? 10e6
        line = ViewerLine(bits: bits)
        choice = BitrateChoice(lineBits: bits)
        buffer = PlaybackBuffer(tracks: 1, speed: settings.speed, now: now)
        leaveSeconds = .infinity
        if let mean = settings.meanSessionSeconds { leaveSeconds = random.exponential(mean: mean) }
    }

    package mutating func begin(_ now: NIODeadline, _ output: inout PlayerOutput) {
        next(now, &output)
    }

    package mutating func woke(_ now: NIODeadline, _ output: inout PlayerOutput) {
        buffer.advance(to: now)
        if !isBusy { next(now, &output) }
    }

    package mutating func received(
        _ reply: Reply,
        _ now: NIODeadline,
        _ output: inout PlayerOutput
    ) {
        isBusy = false
        buffer.advance(to: now)
        if reply.fault != nil {
            failed(now, &output)
        } else {
            faultsInARow = 0
            take(reply, now, &output)
        }
        if !output.isFinished { next(now, &output) }
    }

    private mutating func failed(_ now: NIODeadline, _ output: inout PlayerOutput) {
        faultsInARow += 1
        guard faultsInARow < CrowdLimits.faultsInARow else {
            quality.hasFailed = true
            output.isFinished = true
            return
        }
        let pause = Double(1 << faultsInARow) * 0.25 / settings.speed
        retryAt = now + .nanoseconds(Int64(pause * 1e9))
    }

    private mutating func take(
        _ reply: Reply,
        _ now: NIODeadline,
        _ output: inout PlayerOutput
    ) {
        switch reply.playlist {
        case .multivariant(let playlist):
            multivariant = (playlist, reply.fetch.address)
        case .media(let playlist):
            guard playlist.content.isEnded, !playlist.content.segments.isEmpty else {
                output.faults.append(.malformedPlaylist)
                return failed(now, &output)
            }
            known[reply.fetch.address] = playlist
            place(playlist, track: fetching)
        case nil where reply.fetch.kind == .segment:
            let elapsed = max(Double((reply.endedAt - reply.sentAt).nanoseconds), 1000)
            let bits = Double(reply.sizeBytes) * 8 / elapsed * 1e9 / settings.speed
            choice.measured(bits: bits, line: line.next(&random))
            buffer.append(reply.fetch.seconds, track: fetching, now: now)
            tracks[fetching].index += 1
            if fetching == 0 {
                quality.fetched(seconds: reply.fetch.seconds, bandwidth: reply.fetch.bandwidth)
                mayChange = true
                maybeSeek(now)
            }
        case nil where reply.fetch.kind == .initialization:
            let index = tracks[fetching].index
            tracks[fetching].map = tracks[fetching].playlist?.content.segments[index].map
        case nil:
            break
        }
    }

    /// Goes on in a new playlist where the buffer ends.
    private mutating func place(_ playlist: MediaPlaylist, track: Int) {
        tracks[track].playlist = playlist
        tracks[track].map = nil
        let end = buffer.end(track: track)
        let segments = playlist.content.segments
        guard end > 0 else { return tracks[track].index = 0 }
        guard end < playlist.content.totalSeconds - 0.05 else {
            return tracks[track].index = segments.count
        }
        // Half a frame of rounding must not bring the last segment again.
        tracks[track].index = playlist.segmentIndex(at: end + 0.05)
    }

    private mutating func maybeSeek(_ now: NIODeadline) {
        guard Double.random(in: 0..<1, using: &random) < settings.seekChance,
            buffer.startupTime != nil,
            let total = tracks[0].playlist?.content.totalSeconds,
            tracks.allSatisfy({ $0.playlist != nil })
        else { return }
        let target = Double.random(in: 0..<max(total, 0.1), using: &random)
        var starts: [Double] = []
        for index in tracks.indices {
            guard let playlist = tracks[index].playlist else { return }
            tracks[index].index = playlist.segmentIndex(at: target)
            starts.append(playlist.content.segments[tracks[index].index].startSeconds)
        }
        buffer.seek(to: target, starts: starts, now: now)
        quality.seeks += 1
    }

    // MARK: - What next

    private mutating func next(_ now: NIODeadline, _ output: inout PlayerOutput) {
        if let retryAt, retryAt > now { return output.wake(retryAt) }
        retryAt = nil
        guard buffer.playedSeconds < leaveSeconds else {
            output.isFinished = true
            return
        }
        guard let multivariant else {
            return ask(start, .multivariantPlaylist, track: 0, &output)
        }
        chooseVariant(multivariant.playlist)
        for index in tracks.indices where tracks[index].playlist == nil {
            guard
                let address = Address.resolve(
                    tracks[index].address ?? "",
                    from: multivariant.address,
                    authority: authority
                )
            else { return refuse(&output) }
            tracks[index].address = address
            guard let playlist = known[address] else {
                return ask(address, .mediaPlaylist, track: index, &output)
            }
            place(playlist, track: index)
        }
        nextMedia(now, &output)
    }

    private mutating func nextMedia(_ now: NIODeadline, _ output: inout PlayerOutput) {
        let open = tracks.indices.filter { index in
            tracks[index].index < (tracks[index].playlist?.content.segments.count ?? 0)
        }
        buffer.isComplete = open.isEmpty
        // The track that would run dry first.
        guard let track = open.min(by: { buffer.end(track: $0) < buffer.end(track: $1) }) else {
            if buffer.levelSeconds <= 0.001 {
                output.isFinished = true
            } else {
                output.wake(buffer.time(ofLevel: 0, now: now))
            }
            return
        }
        if buffer.levelSeconds >= settings.targetBufferSeconds {
            // After the next segment's worth of room, and not later than the viewer leaves.
            let level = max(settings.targetBufferSeconds - 0.5, 0)
            return output.wake(buffer.time(ofLevel: level, now: now))
        }
        guard let playlist = tracks[track].playlist, let base = tracks[track].address else {
            return
        }
        let segment = playlist.content.segments[tracks[track].index]
        let isInit = segment.map != tracks[track].map && segment.map != nil
        let reference = isInit ? playlist.content.maps[segment.map ?? 0] : segment.address
        guard let address = Address.resolve(reference, from: base, authority: authority) else {
            return refuse(&output)
        }
        ask(address, isInit ? .initialization : .segment, track: track, &output) { fetch in
            fetch.seconds = isInit ? 0 : segment.seconds
        }
    }

    private mutating func chooseVariant(_ playlist: MultivariantPlaylist) {
        guard mayChange || variant == nil else { return }
        mayChange = false
        let chosen = choice.next(
            bandwidths: playlist.variants.map(\.bandwidth),
            current: variant,
            levelSeconds: buffer.levelSeconds
        )
        guard chosen != variant else { return }
        let isFirst = variant == nil
        variant = chosen
        let audio = playlist.audioAddress(beside: playlist.variants[chosen])
        if isFirst {
            tracks = [Track(address: playlist.variants[chosen].address)]
            if let audio {
                tracks.append(Track(address: audio))
                buffer.addTrack()
            }
        } else {
            quality.switches += 1
            tracks[0] = Track(address: playlist.variants[chosen].address)
        }
    }

    private mutating func refuse(_ output: inout PlayerOutput) {
        output.faults.append(.foreignAddress)
        quality.hasFailed = true
        output.isFinished = true
    }

    private mutating func ask(
        _ address: String,
        _ kind: ResourceKind,
        track: Int,
        _ output: inout PlayerOutput,
        _ change: (inout Fetch) -> Void = { _ in }
    ) {
        var fetch = Fetch(address, kind)
        fetch.isImmutable = true
        fetch.bandwidth = variant.flatMap { multivariant?.playlist.variants[$0].bandwidth } ?? 0
        change(&fetch)
        if settings.cmcd != .none { fetch.facts = facts(fetch, track: track) }
        fetching = track
        isBusy = true
        output.fetches.append(fetch)
    }

    private func facts(_ fetch: Fetch, track: Int) -> CMCD {
        var facts = CMCD()
        facts.sessionID = sessionID
        facts.contentID = start
        facts.isStartup = buffer.startupTime == nil || !buffer.isPlaying
        facts.isStarved = buffer.startupTime != nil && !buffer.isPlaying
        if fetch.kind == .segment {
            facts.bitrateKbps = fetch.bandwidth / 1000
            facts.bufferMilliseconds = Int(max(buffer.levelSeconds, 0) * 1000)
            facts.objectDurationMilliseconds = Int(fetch.seconds * 1000)
            facts.topBitrateKbps = (multivariant?.playlist.variants.last?.bandwidth ?? 0) / 1000
            facts.objectType = track == 0 ? (tracks.count == 1 ? "av" : "v") : "a"
        } else {
            facts.objectType = fetch.kind == .initialization ? "i" : "m"
        }
        return facts
    }
}
