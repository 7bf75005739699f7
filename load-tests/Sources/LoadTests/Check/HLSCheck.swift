package import NIOCore

/// Walks a live stream's playlists for a time and holds them to every rule of `CheckRule`.
package struct HLSCheck: Sendable {
    package let target: CheckTarget
    private let client: CheckClient

    package init(_ target: CheckTarget, timeout: TimeAmount = .seconds(30)) {
        self.target = target
        client = CheckClient(target: target, timeout: timeout)
    }

    /// - Returns: what was found; `readable` has failed where there was nothing to walk.
    package func run(seconds: Double) async -> CheckFindings {
        let findings = CheckFindings()
        let addresses: [String]
        do {
            addresses = try await mediaPlaylists(findings)
        } catch {
            findings.check(.readable, false, "\(target.path): \(error)")
            return findings
        }
        let end = NIODeadline.now() + .nanoseconds(Int64(seconds * 1e9))
        let renditions = await withTaskGroup(of: CheckedRendition.self) { group in
            for address in addresses {
                let walk = RenditionWalk(
                    client: client,
                    name: address.split(separator: "/").suffix(2).joined(separator: "/"),
                    address: address,
                    others: addresses.count - 1,
                    findings: findings
                )
                group.addTask { await walk.run(until: end) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        await compare(renditions, findings)
        return findings
    }

    /// Of a multivariant playlist all, each once; of a media playlist itself.
    private func mediaPlaylists(_ findings: CheckFindings) async throws -> [String] {
        let answer = try await client.get(target.path)
        guard answer.head.status == 200 else { throw ResponseFault.status(answer.head.status) }
        guard case .multivariant(let playlist) = try Playlist(answer.text) else {
            return [target.path]
        }
        findings.check(.readable, true, "")
        var addresses: [String] = []
        for reference in playlist.variants.map(\.address) + playlist.audio.compactMap(\.address) {
            guard
                let address = Address.resolve(
                    reference,
                    from: target.path,
                    authority: target.authority
                )
            else { throw ResponseFault.foreignAddress }
            if !addresses.contains(address) { addresses.append(address) }
        }
        return addresses
    }

    /// Holds the renditions' playlists to each other.
    private func compare(_ renditions: [CheckedRendition], _ findings: CheckFindings) async {
        guard let first = renditions.first, renditions.count > 1 else { return }
        var heads: [CheckedPlaylist] = []
        for rendition in renditions {
            guard let answer = try? await client.get(rendition.address),
                let playlist = try? CheckedPlaylist(answer.text)
            else { continue }
            heads.append(playlist)
        }
        guard let head = heads.first else { return }
        for other in heads.dropFirst() {
            PlaylistRules.checkHead(other, against: head, "between playlists", findings)
            let isNear = abs(other.next.number - head.next.number) <= 1
            findings.check(.inStep, isNear, "next: \(other.next) and \(head.next)")
        }
        for other in renditions.dropFirst() {
            CheckedRendition.checkStep(
                first,
                other,
                partTarget: head.partTargetSeconds ?? head.targetSeconds,
                findings
            )
        }
    }
}
