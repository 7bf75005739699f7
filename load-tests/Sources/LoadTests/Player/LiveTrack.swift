import NIOCore

/// One rendition of a live stream, followed at its edge.
///
/// Two lanes: blocking reloads on one, on the other media, of which the next part is asked for by
/// its hint before it exists. With a single lane media come first, without hints.
package struct LiveTrack {
    let address: String
    private let authority: String
    private let isSingle: Bool
    private let playlistLane: Int
    private let mediaLane: Int

    private(set) var playlist: MediaPlaylist?
    private var position: PartPosition?
    /// The position whose media is under way; after a retune it is no longer the next.
    private var fetching: PartPosition?
    private var map: Int?
    private var isPlaylistBusy = false
    private var isMediaBusy = false
    /// All that was there at tune-in is fetched: from here on each delay counts.
    private var isAtEdge = false
    private var reloadAt: NIODeadline?

    /// Index 0 is video, 1 audio; each has lanes of its own.
    init(address: String, index: Int, authority: String, isSingle: Bool) {
        self.address = address
        self.authority = authority
        self.isSingle = isSingle
        playlistLane = isSingle ? 0 : index * 2
        mediaLane = isSingle ? 0 : index * 2 + 1
    }

    var isEnded: Bool {
        guard let playlist, let position else { return false }
        return playlist.content.isEnded && position.number >= playlist.nextSequenceNumber
    }

    func owns(_ fetch: Fetch) -> Bool {
        fetch.lane == playlistLane || fetch.lane == mediaLane
    }

    /// Starts again from a playlist, after something was lost.
    mutating func retune() {
        playlist = nil
        position = nil
        isAtEdge = false
        reloadAt = nil
    }

    // MARK: - Replies

    /// Whether the reply was for the lane's media; `fault` is what the player itself found wrong.
    mutating func received(_ reply: Reply, _ now: NIODeadline) -> (media: Bool, ResponseFault?) {
        guard reply.fetch.kind.isPlaylist else {
            isMediaBusy = false
            guard reply.fault == nil else { return (false, nil) }
            if reply.fetch.kind == .initialization {
                map = playlist?.content.maps.indices.last
                return (false, nil)
            }
            if position == fetching { advance(wholeSegment: reply.fetch.kind == .segment) }
            return (true, nil)
        }
        isPlaylistBusy = false
        guard reply.fault == nil, case .media(let new) = reply.playlist else {
            return (false, reply.fault == nil ? .malformedPlaylist : nil)
        }
        defer { playlist = new }
        let isChanged = playlist.map { Self.end($0) != Self.end(new) } ?? true
        let pause = new.content.targetSeconds / (isChanged ? 1 : 2)
        reloadAt = now + .nanoseconds(Int64(pause * 1e9))
        guard let old = playlist else {
            position = Self.tuneIn(new)
            return (false, nil)
        }
        let goesBack =
            Self.end(new) < Self.end(old)
            || new.content.mediaSequenceNumber < old.content.mediaSequenceNumber
            || new.content.discontinuitySequenceNumber < old.content.discontinuitySequenceNumber
        if goesBack { return (false, .playlistWentBack) }
        if let awaited = reply.fetch.awaited, !new.content.isEnded, Self.end(new) <= awaited {
            return (false, .unchangedPlaylist)
        }
        if let position, position.number < new.content.mediaSequenceNumber { return (false, .gap) }
        return (false, nil)
    }

    /// The first part that is not listed yet.
    private static func end(_ playlist: MediaPlaylist) -> PartPosition {
        PartPosition(
            number: playlist.nextSequenceNumber,
            part: playlist.content.trailingParts.count
        )
    }

    private mutating func advance(wholeSegment: Bool) {
        guard let now = position else { return }
        position =
            wholeSegment
            ? PartPosition(number: now.number + 1, part: 0)
            : PartPosition(number: now.number, part: now.part + 1)
    }

    /// The last independent part that is at least the hold-back away from the end.
    ///
    /// RFC 8216bis §6.3.3.
    package static func tuneIn(_ playlist: MediaPlaylist) -> PartPosition {
        let content = playlist.content
        var left =
            content.partHoldBackSeconds ?? content.holdBackSeconds ?? 3 * content.targetSeconds
        for number in (content.mediaSequenceNumber...playlist.nextSequenceNumber).reversed() {
            let parts = playlist.parts(ofSegment: number) ?? []
            for (index, part) in parts.enumerated().reversed() {
                left -= part.seconds
                if left <= 0.001, part.isIndependent {
                    return PartPosition(number: number, part: index)
                }
            }
            if parts.isEmpty, let segment = playlist.segment(number) {
                left -= segment.seconds
                if left <= 0.001 { return PartPosition(number: number, part: 0) }
            }
        }
        return PartPosition(number: content.mediaSequenceNumber, part: 0)
    }

    // MARK: - Wishes

    /// Asks for all that can be asked for now.
    mutating func next(
        _ now: NIODeadline,
        _ output: inout PlayerOutput
    ) throws(ResponseFault) {
        guard let playlist else {
            if !isPlaylistBusy, !(isSingle && isMediaBusy) {
                isPlaylistBusy = true
                var fetch = Fetch(address, .mediaPlaylist)
                fetch.lane = playlistLane
                output.fetches.append(fetch)
            }
            return
        }
        if !isMediaBusy, !(isSingle && isPlaylistBusy), var fetch = try nextMedia(playlist) {
            isMediaBusy = true
            fetching = position
            fetch.lane = mediaLane
            output.fetches.append(fetch)
        }
        guard !isPlaylistBusy, !(isSingle && isMediaBusy), !playlist.content.isEnded else { return }
        var fetch = Fetch(address, .mediaPlaylist)
        if playlist.content.canBlockReload {
            let end = Self.end(playlist)
            fetch.kind = .blockingPlaylist
            fetch.awaited = end
            fetch.followsEdge = isAtEdge
            fetch.address += address.contains("?") ? "&" : "?"
            fetch.address += "_HLS_msn=\(end.number)"
            if playlist.content.partTargetSeconds != nil {
                fetch.address += "&_HLS_part=\(end.part)"
            }
        } else if let reloadAt, reloadAt > now {
            return output.wake(reloadAt)
        }
        fetch.lane = playlistLane
        isPlaylistBusy = true
        output.fetches.append(fetch)
    }

    private mutating func nextMedia(_ playlist: MediaPlaylist) throws(ResponseFault) -> Fetch? {
        if let wanted = playlist.content.maps.indices.last, wanted != map {
            return try fetch(playlist.content.maps[wanted], .initialization, seconds: 0)
        }
        while let at = position {
            guard let parts = playlist.parts(ofSegment: at.number) else { return nil }
            if at.part < parts.count {
                let part = parts[at.part]
                guard !part.isGap else {
                    advance(wholeSegment: false)
                    continue
                }
                return try fetch(part.address, .part, seconds: part.seconds)
            }
            if let segment = playlist.segment(at.number) {
                if parts.isEmpty, at.part == 0 {
                    return try fetch(segment.address, .segment, seconds: segment.seconds)
                }
                position = PartPosition(number: at.number + 1, part: 0)
                continue
            }
            isAtEdge = true
            guard !isSingle, let hint = playlist.content.hintAddress, !playlist.content.isEnded
            else { return nil }
            let seconds = playlist.content.partTargetSeconds ?? 1
            return try fetch(hint, .hintedPart, seconds: seconds)
        }
        return nil
    }

    private func fetch(
        _ reference: String,
        _ kind: ResourceKind,
        seconds: Double
    ) throws(ResponseFault) -> Fetch {
        guard let address = Address.resolve(reference, from: address, authority: authority) else {
            throw .foreignAddress
        }
        var fetch = Fetch(address, kind)
        fetch.isImmutable = true
        fetch.followsEdge = isAtEdge && kind != .initialization
        fetch.seconds = seconds
        return fetch
    }
}
