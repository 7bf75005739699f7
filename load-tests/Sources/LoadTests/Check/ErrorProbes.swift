/// Requests that a server must refuse, and one that it must not hold.
///
/// RFC 8216bis §6.2.5.2, §6.2.6
struct ErrorProbes: Sendable {
    let walk: RenditionWalk

    /// Beyond every segment's last part by more than may be asked for.
    private static let farPart = 1000

    func run(_ playlist: CheckedPlaylist) async {
        guard playlist.canBlockReload, !playlist.isEnded else { return }
        let next = playlist.next
        await refused(.partWithoutNumber, "_HLS_part=0", 400, isFuture: false)
        await refused(.malformedNumber, "_HLS_msn=x", 400, isFuture: false)
        await refused(.numberTooFar, "_HLS_msn=\(next.number + 50)&_HLS_part=0", 400)
        if playlist.partTargetSeconds != nil {
            await refused(.partTooFar, "_HLS_msn=\(next.number)&_HLS_part=\(Self.farPart)", 400)
        }
        await old(playlist)
        guard let hint = playlist.partHints.first else { return }
        let unknown = walk.resolved(hint.replacing(".m4s", with: "9999.m4s"))
        guard unknown != walk.resolved(hint),
            let answer = try? await walk.client.get(unknown)
        else { return }
        let status = answer.head.status
        walk.findings.check(.unknownPart, status == 404, "\(unknown): status \(status)")
    }

    private func path(_ query: String) -> String {
        walk.address + (walk.address.contains("?") ? "&" : "?") + query
    }

    private func refused(
        _ rule: CheckRule,
        _ query: String,
        _ expected: Int,
        isFuture: Bool = true
    ) async {
        guard let answer = try? await walk.client.get(path(query)) else {
            return walk.findings.check(rule, false, "\(query): no answer")
        }
        let status = answer.head.status
        walk.findings.check(rule, status == expected, "\(query): status \(status)")
        guard isFuture, status >= 400 else { return }
        let life = answer.head.lifeSeconds
        walk.findings.check(.futureErrorsUncached, life == 0, "\(query): \(life ?? -1)")
    }

    private func old(_ playlist: CheckedPlaylist) async {
        let query = "_HLS_msn=\(max(0, playlist.firstNumber))"
        guard let answer = try? await walk.client.get(path(query)),
            let full = try? CheckedPlaylist(answer.text)
        else { return walk.findings.check(.oldNumberAtOnce, false, "\(query): no playlist") }
        let isAtOnce = answer.head.status == 200 && answer.seconds < playlist.targetSeconds
        let isFull = !(full.next < playlist.next)
        walk.findings.check(
            .oldNumberAtOnce,
            isAtOnce && isFull,
            "\(query): status \(answer.head.status) after \(answer.seconds) s"
        )
    }
}
