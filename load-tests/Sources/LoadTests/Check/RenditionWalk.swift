import NIOCore

/// Follows one media playlist as a player at its edge does, and asks what no player asks.
struct RenditionWalk: Sendable {
    let client: CheckClient
    let name: String
    let address: String
    /// Further playlists of the stream.
    let others: Int
    let findings: CheckFindings

    /// Reloads in a row that fail before the walk gives up.
    private static let failures = 5
    /// A delta update is asked for with every so many reloads.
    private static let deltaEvery = 4
    /// Below, compressing saves nobody a packet.
    private static let packetSizeBytes = 1400

    func run(until end: NIODeadline) async -> CheckedRendition {
        var rendition = CheckedRendition(name: name, address: address)
        guard var latest = await first() else { return rendition }
        await fetchHeader(latest, &rendition)
        await ErrorProbes(walk: self).run(latest)
        var failed = 0
        var round = 0
        var lastPartAt: NIODeadline?
        while NIODeadline.now() < end, !latest.isEnded, failed < Self.failures {
            let playlist = latest
            round += 1
            guard playlist.canBlockReload else {
                guard await pause(playlist.targetSeconds, until: end),
                    let next = await reload(address)
                else { break }
                PlaylistRules.check(next.0, after: playlist, name: name, findings)
                latest = next.0
                continue
            }
            let awaited = playlist.next
            async let hinted = hintedPart(playlist)
            let separator = address.contains("?") ? "&" : "?"
            let query = "_HLS_msn=\(awaited.number)&_HLS_part=\(awaited.part)"
            let answer = await reload("\(address)\(separator)\(query)", blocking: playlist)
            if let bytes = await hinted, let hint = playlist.partHints.first {
                rendition.keep(hint, bytes)
            }
            guard let (next, endedAt) = answer else {
                failed += 1
                continue
            }
            failed = 0
            findings.check(.neverUnchanged, playlist.next < next.next || next.isEnded, query)
            findings.check(.heldUntilThere, awaited < next.next || next.isEnded, query)
            PlaylistRules.check(next, after: playlist, name: name, findings)
            PlaylistRules.check(next, name: name, others: others, findings)
            checkReports(next)
            if let target = next.partTargetSeconds, let before = lastPartAt {
                let seconds = Double((endedAt - before).nanoseconds) / 1e9
                // A part may be as short as it likes at a segment's end; none may be late.
                let isInTime = seconds <= 1.5 * target + 0.1
                findings.check(.partsInTime, isInTime, "\(name): \(seconds) s for \(query)")
            }
            lastPartAt = endedAt
            await fetchMedia(next, after: playlist, &rendition)
            if round % Self.deltaEvery == 0 { await checkDelta(next) }
            latest = next
        }
        return rendition
    }

    // MARK: - Playlists

    private func first() async -> CheckedPlaylist? {
        guard let answer = await ask(address), let playlist = read(answer) else { return nil }
        PlaylistRules.check(playlist, name: name, others: others, findings)
        let most = Int((playlist.targetSeconds / 2).rounded(.up))
        let life = answer.head.lifeSeconds
        findings.check(.playlistCache, life.map { $0 <= most } ?? false, "\(name): \(life ?? -1)")
        // What fits into one packet gains nothing.
        if answer.body.count > Self.packetSizeBytes,
            let packed = try? await client.get(address, takesGzip: true)
        {
            let isPacked =
                packed.head.contentEncoding == "gzip" && packed.body.starts(with: [0x1F, 0x8B])
            findings.check(.gzip, isPacked, "\(name): not compressed")
        }
        return playlist
    }

    private func reload(
        _ path: String,
        blocking old: CheckedPlaylist? = nil
    ) async -> (CheckedPlaylist, NIODeadline)? {
        guard let answer = await ask(path, held: old?.targetSeconds) else { return nil }
        if let old {
            let life = answer.head.lifeSeconds
            let most = Int(6 * old.targetSeconds)
            let isRight = life.map { $0 <= most } ?? false
            findings.check(.reloadCache, isRight, "\(name): \(life ?? -1)")
        }
        return read(answer).map { ($0, answer.endedAt) }
    }

    /// An answer of status 200; anything else is taken down.
    private func ask(_ path: String, held target: Double? = nil) async -> CheckClient.Answer? {
        do {
            let answer = try await client.get(path)
            if answer.head.age != nil || answer.head.hasInvalidAge {
                findings.check(.age, !answer.head.hasInvalidAge, path)
            }
            if let target, answer.head.status == 503 {
                let isLate = answer.seconds >= 3 * target - 0.1
                findings.check(.unavailableOnlyLate, isLate, "\(path) after \(answer.seconds) s")
                return nil
            }
            let isFine = answer.head.status == 200
            findings.check(.readable, isFine, "\(path): status \(answer.head.status)")
            return isFine ? answer : nil
        } catch {
            findings.check(.readable, false, "\(path): \(error)")
            return nil
        }
    }

    private func read(_ answer: CheckClient.Answer) -> CheckedPlaylist? {
        let playlist = try? CheckedPlaylist(answer.text)
        findings.check(.readable, playlist != nil, "\(name) is no media playlist")
        return playlist
    }

    private func checkReports(_ playlist: CheckedPlaylist) {
        guard let own = playlist.segments.last, let target = playlist.partTargetSeconds else {
            return
        }
        let parts = own.address == nil ? own.parts.count : 0
        for report in playlist.reports {
            guard let position = report.position else { continue }
            // Renditions are updated within a part of each other.
            let lag = (own.number - position.number) * max(1, Int(playlist.targetSeconds / target))
            let isFresh =
                own.number == position.number
                ? position.part >= parts - 3
                : own.number < position.number || lag <= 0
                    || (own.number == position.number + 1 && parts <= 2)
            findings.check(
                .reportsFresh,
                isFresh,
                "\(name): \(report), here \(own.number).\(parts)"
            )
        }
    }

    private func checkDelta(_ playlist: CheckedPlaylist) async {
        guard playlist.skipUntilSeconds != nil else { return }
        let separator = address.contains("?") ? "&" : "?"
        guard let answer = await ask("\(address)\(separator)_HLS_skip=YES"),
            let delta = read(answer)
        else { return }
        PlaylistRules.checkHead(delta, against: playlist, name, findings)
        guard let skipped = delta.skippedSegments else {
            // Nothing old enough to skip is no fault.
            let whole = delta.segments.compactMap(\.seconds).reduce(0, +)
            let isShort = whole <= (delta.skipUntilSeconds ?? 0) + delta.targetSeconds
            return findings.check(.deltaUpdate, isShort, "\(name): \(whole) s without a skip")
        }
        let kept = delta.segments.compactMap(\.seconds).reduce(0, +)
        // From a cache it may be older than the playlist: a segment that is open there is no
        // contradiction to the whole one.
        let isSame = delta.segments.allSatisfy { segment in
            playlist.segment(segment.number).map { known in
                known.address == nil || segment.address == nil || known.address == segment.address
            } ?? (segment.number >= playlist.next.number)
        }
        let isRight =
            skipped > 0 && isSame && kept >= (delta.skipUntilSeconds ?? 0) - delta.targetSeconds
        findings.check(.deltaUpdate, isRight, "\(name): \(skipped) skipped, \(kept) s kept")
    }

    // MARK: - Media

    func resolved(_ reference: String) -> String {
        Address.resolve(reference, from: address, authority: client.target.authority) ?? reference
    }

    private func fetchHeader(
        _ playlist: CheckedPlaylist,
        _ rendition: inout CheckedRendition
    ) async {
        guard let map = playlist.segments.last?.map, let answer = await ask(resolved(map)) else {
            return
        }
        checkCache(answer, map)
        rendition.header = CheckedHeader(answer.body)
    }

    private func checkCache(_ answer: CheckClient.Answer, _ address: String) {
        let life = answer.head.lifeSeconds ?? 0
        findings.check(.mediaCache, life > 0, "\(address): \(answer.head.cacheControl ?? "none")")
    }

    /// The hinted part, asked for before it exists.
    private func hintedPart(_ playlist: CheckedPlaylist) async -> [UInt8]? {
        guard let hint = playlist.partHints.first else { return nil }
        guard let answer = try? await client.get(resolved(hint)) else {
            findings.check(.hintServedWhole, false, "\(name): \(hint) broke off")
            return nil
        }
        // A hint may be dropped; then it is 404 and never a part. §6.2.6
        if answer.head.status == 404 { return nil }
        findings.check(
            .hintServedWhole,
            answer.head.status == 200 && !answer.body.isEmpty,
            "\(name): \(hint): status \(answer.head.status)"
        )
        return answer.head.status == 200 ? answer.body : nil
    }

    /// Fetches what is new, and once more what was fetched as a hint.
    private func fetchMedia(
        _ playlist: CheckedPlaylist,
        after old: CheckedPlaylist,
        _ rendition: inout CheckedRendition
    ) async {
        for segment in playlist.segments where segment.number >= old.next.number - 1 {
            let known = old.segment(segment.number)
            for (index, part) in segment.parts.enumerated() where !part.isGap {
                guard index >= known?.parts.count ?? 0 || rendition.parts[part.address] == nil
                else {
                    continue
                }
                let hinted = rendition.parts[part.address]
                guard let answer = await ask(resolved(part.address)) else { continue }
                checkCache(answer, part.address)
                if let hinted {
                    let isWhole = hinted == answer.body
                    findings.check(.hintServedWhole, isWhole, "\(name): \(part.address) differs")
                }
                rendition.check(part, answer.body, findings)
                rendition.keep(part.address, answer.body)
            }
            guard let place = segment.address, let seconds = segment.seconds, !segment.isGap,
                known?.address == nil
            else { continue }
            rendition.segments[segment.number] = CheckedRendition.Told(
                seconds: seconds,
                date: segment.date
            )
            guard let answer = await ask(resolved(place)) else { continue }
            checkCache(answer, place)
            rendition.check(segment, answer.body, findings)
        }
        await fetchDropped(playlist, after: old)
    }

    /// A part that has just left the playlist is still there.
    private func fetchDropped(_ playlist: CheckedPlaylist, after old: CheckedPlaylist) async {
        for segment in playlist.segments where segment.parts.isEmpty {
            guard let part = old.segment(segment.number)?.parts.first, !part.isGap else { continue }
            guard let answer = try? await client.get(resolved(part.address)) else { continue }
            let status = answer.head.status
            findings.check(.droppedPartsKept, status == 200, "\(part.address): status \(status)")
        }
    }

    private func pause(_ seconds: Double, until end: NIODeadline) async -> Bool {
        let left = Double((end - .now()).nanoseconds) / 1e9
        guard left > 0 else { return false }
        do {
            try await Task.sleep(for: .seconds(min(seconds, left)))
            return true
        } catch {
            return false
        }
    }
}
