/// A playlist of either sort.
package enum Playlist: Sendable {
    case multivariant(MultivariantPlaylist)
    case media(MediaPlaylist)

    /// - Throws: `ResponseFault.malformedPlaylist`.
    package init(_ text: String) throws(ResponseFault) {
        guard text.hasPrefix("#EXTM3U") else { throw .malformedPlaylist }
        // Both line ends of the specification; "\r\n" is one character in Swift.
        let lines = text.utf8.split(whereSeparator: { $0 == 10 || $0 == 13 }).map(Substring.init)
        guard lines.count <= CrowdLimits.playlistLines else { throw .malformedPlaylist }
        if lines.contains(where: { $0.hasPrefix("#EXT-X-STREAM-INF:") }) {
            self = .multivariant(try MultivariantPlaylist(lines: lines))
        } else {
            self = .media(MediaPlaylist(try MediaPlaylist.Content(lines: lines)))
        }
    }
}

extension MultivariantPlaylist {
    init(lines: [Substring]) throws(ResponseFault) {
        var variants: [Variant] = []
        var audio: [Audio] = []
        var pending: AttributeList?
        for line in lines {
            if let text = line.after("#EXT-X-STREAM-INF:") {
                pending = AttributeList(text)
            } else if let text = line.after("#EXT-X-MEDIA:") {
                let list = AttributeList(text)
                guard list["TYPE"] == "AUDIO", let group = list.string("GROUP-ID") else { continue }
                audio.append(
                    Audio(
                        group: group,
                        address: list.string("URI"),
                        isDefault: list.isYes("DEFAULT")
                    )
                )
            } else if !line.hasPrefix("#"), let list = pending {
                guard let bandwidth = list.integer("BANDWIDTH"), bandwidth > 0 else {
                    throw .malformedPlaylist
                }
                variants.append(
                    Variant(
                        address: String(line),
                        bandwidth: bandwidth,
                        audioGroup: list.string("AUDIO")
                    )
                )
                pending = nil
            }
        }
        guard !variants.isEmpty else { throw .malformedPlaylist }
        self.init(variants: variants.sorted { $0.bandwidth < $1.bandwidth }, audio: audio)
    }
}

extension MediaPlaylist.Content {
    init(lines: [Substring]) throws(ResponseFault) {
        self.init()
        var parts: [MediaPlaylist.Part] = []
        var seconds: Double?
        for line in lines.dropFirst() {
            guard line.hasPrefix("#") else {
                guard let duration = seconds else { throw .malformedPlaylist }
                segments.append(
                    MediaPlaylist.Segment(
                        address: String(line),
                        seconds: duration,
                        startSeconds: totalSeconds,
                        parts: parts,
                        map: maps.indices.last
                    )
                )
                totalSeconds += duration
                parts = []
                seconds = nil
                continue
            }
            if let text = line.after("#EXTINF:") {
                seconds = Double(text.prefix { $0 != "," })
                guard let seconds, seconds >= 0, seconds < 3600 else { throw .malformedPlaylist }
            } else if let text = line.after("#EXT-X-PART:") {
                parts.append(try MediaPlaylist.Part(AttributeList(text)))
            } else if line.hasPrefix("#EXT-X-") {
                readHeader(line)
            }
        }
        trailingParts = parts
        guard targetSeconds > 0 else { throw .malformedPlaylist }
    }

    private mutating func readHeader(_ line: Substring) {
        if let text = line.after("#EXT-X-TARGETDURATION:") {
            targetSeconds = Double(text) ?? 0
        } else if let text = line.after("#EXT-X-MEDIA-SEQUENCE:") {
            mediaSequenceNumber = Int(text) ?? 0
        } else if let text = line.after("#EXT-X-DISCONTINUITY-SEQUENCE:") {
            discontinuitySequenceNumber = Int(text) ?? 0
        } else if let text = line.after("#EXT-X-MAP:") {
            if let address = AttributeList(text).string("URI") { maps.append(address) }
        } else if let text = line.after("#EXT-X-PART-INF:") {
            partTargetSeconds = AttributeList(text).number("PART-TARGET")
        } else if let text = line.after("#EXT-X-SERVER-CONTROL:") {
            let list = AttributeList(text)
            canBlockReload = list.isYes("CAN-BLOCK-RELOAD")
            holdBackSeconds = list.number("HOLD-BACK")
            partHoldBackSeconds = list.number("PART-HOLD-BACK")
        } else if let text = line.after("#EXT-X-PRELOAD-HINT:") {
            let list = AttributeList(text)
            if list["TYPE"] == "PART" { hintAddress = list.string("URI") }
        } else if let text = line.after("#EXT-X-RENDITION-REPORT:") {
            if let address = AttributeList(text).string("URI") { renditionReports.append(address) }
        } else if line == "#EXT-X-ENDLIST" {
            isEnded = true
        }
    }
}

extension MediaPlaylist.Part {
    init(_ list: AttributeList) throws(ResponseFault) {
        guard let address = list.string("URI"), let seconds = list.number("DURATION"),
            seconds >= 0, seconds < 3600
        else { throw .malformedPlaylist }
        self.init(
            address: address,
            seconds: seconds,
            isIndependent: list.isYes("INDEPENDENT"),
            isGap: list.isYes("GAP")
        )
    }
}

extension Substring {
    fileprivate func after(_ prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
