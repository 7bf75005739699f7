package import NIOCore

/// A viewer of a live stream: tunes in, then stays at its edge until leaving.
package struct LivePlayer: Player {
    private let start: String
    private let authority: String
    private let settings: PlayerSettings
    private var random: SplitMix
    private let lineBits: Double
    private let sessionID: String
    private var bandwidth = 0
    private var tracks: [LiveTrack] = []
    private var buffer: PlaybackBuffer
    private var isStartBusy = false
    private var faultsInARow = 0
    private var retryAt: NIODeadline?
    private let leaveAt: NIODeadline?
    package private(set) var quality = QualityFacts()
    package var playback: PlaybackBuffer? { buffer }

    /// As of `VODPlayer`.
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
        lineBits = settings.lineBits.randomElement(using: &random) ?? 10e6
        buffer = PlaybackBuffer(tracks: 1, speed: settings.speed, now: now)
        var leave: NIODeadline?
        if let mean = settings.meanSessionSeconds {
            let seconds = random.exponential(mean: mean) / settings.speed
            leave = now + .nanoseconds(Int64(min(seconds, CrowdLimits.durationSeconds) * 1e9))
        }
        leaveAt = leave
    }

    package mutating func begin(_ now: NIODeadline, _ output: inout PlayerOutput) {
        next(now, &output)
    }

    package mutating func woke(_ now: NIODeadline, _ output: inout PlayerOutput) {
        buffer.advance(to: now)
        next(now, &output)
    }

    package mutating func received(
        _ reply: Reply,
        _ now: NIODeadline,
        _ output: inout PlayerOutput
    ) {
        buffer.advance(to: now)
        if case .multivariant(let playlist) = reply.playlist, reply.fault == nil {
            open(playlist, base: reply.fetch.address, &output)
        } else if reply.fetch.kind == .multivariantPlaylist {
            isStartBusy = false
            failed(reply, now, &output)
        } else if let index = tracks.firstIndex(where: { $0.owns(reply.fetch) }) {
            let (isMedia, found) = tracks[index].received(reply, now)
            if let found { output.faults.append(found) }
            if reply.fault != nil || found != nil {
                failed(reply, now, &output)
                tracks[index].retune()
            } else {
                faultsInARow = 0
                if isMedia {
                    buffer.append(reply.fetch.seconds, track: index, now: now)
                    if index == 0 {
                        quality.fetched(seconds: reply.fetch.seconds, bandwidth: bandwidth)
                    }
                }
            }
        }
        if !output.isFinished { next(now, &output) }
    }

    private mutating func open(
        _ playlist: MultivariantPlaylist,
        base: String,
        _ output: inout PlayerOutput
    ) {
        isStartBusy = false
        let chosen = BitrateChoice(lineBits: lineBits)
            .next(bandwidths: playlist.variants.map(\.bandwidth), current: nil, levelSeconds: 0)
        let variant = playlist.variants[chosen]
        bandwidth = variant.bandwidth
        var addresses = [variant.address]
        if let audio = playlist.audioAddress(beside: variant) {
            addresses.append(audio)
            buffer.addTrack()
        }
        for (index, reference) in addresses.enumerated() {
            guard let address = Address.resolve(reference, from: base, authority: authority) else {
                return refuse(&output)
            }
            tracks.append(
                LiveTrack(
                    address: address,
                    index: index,
                    authority: authority,
                    // Two tracks cannot share a lane that one of them holds.
                    isSingle: settings.isSingleConnection && addresses.count == 1
                )
            )
        }
    }

    private mutating func failed(
        _ reply: Reply,
        _ now: NIODeadline,
        _ output: inout PlayerOutput
    ) {
        faultsInARow += 1
        guard faultsInARow < CrowdLimits.faultsInARow else {
            quality.hasFailed = true
            output.isFinished = true
            return
        }
        retryAt = now + .nanoseconds(Int64(Double(1 << faultsInARow) * 0.125 * 1e9))
    }

    private mutating func next(_ now: NIODeadline, _ output: inout PlayerOutput) {
        if let leaveAt {
            guard now < leaveAt else {
                output.isFinished = true
                return
            }
            output.wake(leaveAt)
        }
        if let retryAt, retryAt > now { return output.wake(retryAt) }
        retryAt = nil
        guard !tracks.isEmpty else {
            if !isStartBusy {
                isStartBusy = true
                output.fetches.append(Fetch(start, .multivariantPlaylist))
            }
            return
        }
        let first = output.fetches.count
        for index in tracks.indices {
            do {
                try tracks[index].next(now, &output)
            } catch {
                return refuse(&output)
            }
        }
        let isEnded = tracks.allSatisfy(\.isEnded)
        buffer.isComplete = isEnded
        if isEnded {
            guard buffer.levelSeconds > 0.001 else {
                output.isFinished = true
                return
            }
            return output.wake(buffer.time(ofLevel: 0, now: now))
        }
        guard settings.cmcd != .none else { return }
        for index in first..<output.fetches.count {
            output.fetches[index].facts = facts(output.fetches[index])
        }
    }

    private func facts(_ fetch: Fetch) -> CMCD {
        var facts = CMCD()
        facts.sessionID = sessionID
        facts.contentID = start
        facts.isLive = true
        facts.isStartup = !buffer.isPlaying
        facts.isStarved = buffer.startupTime != nil && !buffer.isPlaying
        facts.objectType = fetch.kind.isPlaylist ? "m" : fetch.kind == .initialization ? "i" : "v"
        if fetch.seconds > 0 {
            facts.bitrateKbps = bandwidth / 1000
            facts.bufferMilliseconds = Int(max(buffer.levelSeconds, 0) * 1000)
            facts.objectDurationMilliseconds = Int(fetch.seconds * 1000)
        }
        return facts
    }

    private mutating func refuse(_ output: inout PlayerOutput) {
        output.faults.append(.foreignAddress)
        quality.hasFailed = true
        output.isFinished = true
    }
}
