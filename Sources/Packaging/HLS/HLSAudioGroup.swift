/// Audio of one encoding in all its languages and roles: a GROUP-ID and its members.
///
/// Every group has the same members in the same order, with the same names. Where an encoding lacks
/// one, another encoding's track stands in for it, and the group's variants name both codecs.
///
/// RFC 8216bis §4.4.6.1.1
struct HLSAudioGroup {
    /// What a member is to a viewer, whatever its encoding.
    struct Member: Hashable {
        var language: String
        var role: TrackRole
    }

    /// `aac`; `aac-6ch` where a language comes with several numbers of channels; nil for a group
    /// that manifests do not name.
    var id: String?
    var renditions: [Rendition]

    /// A member as this group has it.
    struct Rendition {
        var name: String
        /// One of the group: the first main member, else the first.
        var isDefault: Bool
        var track: ManifestTrack
    }

    /// Groups in the order in which their encodings come in the asset, but AAC first, as there is
    /// no player without it.
    static func groups(of audio: [ManifestTrack]) -> [HLSAudioGroup] {
        let members = audio.map(\.member).unique
        let defaultMember = members.first { $0.role == .main } ?? members.first
        var names = HLSNames()
        let named = members.map { member in
            let label = audio.first { $0.member == member }?.track.label ?? ""
            return (member, names.name(label: label, language: member.language, role: member.role))
        }
        let groups = encodings(of: audio).flatMap { id, tracks in
            let layers = members.map { member in tracks.count { $0.member == member } }.max() ?? 1
            return (0..<layers).map { layer in
                let renditions = named.compactMap { member, name in
                    choose(member, layer: layer, from: tracks, orFrom: audio).map { track in
                        Rendition(name: name, isDefault: member == defaultMember, track: track)
                    }
                }
                return HLSAudioGroup(
                    id: layer == 0 ? id : "\(id)-\(layer + 1)",
                    renditions: renditions
                )
            }
        }
        var seen: Set<[String]> = []
        return groups.filter { seen.insert($0.renditions.map(\.track.track.name)).inserted }
    }

    /// Splits by codec family, and by channels where a family has several of one member.
    private static func encodings(
        of audio: [ManifestTrack]
    ) -> [(id: String, tracks: [ManifestTrack])] {
        let families = audio.map(\.track.family).unique
        let ordered = families.filter { $0 == .aac } + families.filter { $0 != .aac }
        return ordered.flatMap { family -> [(String, [ManifestTrack])] in
            let tracks = audio.filter { $0.track.family == family }
            if tracks.map(\.member).unique.count == tracks.count {
                return [(family.rawValue, tracks)]
            }
            let channels = tracks.map(\.track.channelCount).unique
            if channels.count == 1 { return [(family.rawValue, tracks)] }
            return channels.map { count in
                ("\(family.rawValue)-\(count)ch", tracks.filter { $0.track.channelCount == count })
            }
        }
    }

    /// A member's track in its encoding; else in the same family; else whatever there is.
    private static func choose(
        _ member: Member,
        layer: Int,
        from tracks: [ManifestTrack],
        orFrom all: [ManifestTrack]
    ) -> ManifestTrack? {
        let own = tracks.filter { $0.member == member }
        if !own.isEmpty { return own[min(layer, own.count - 1)] }
        let others = all.filter { $0.member == member }
        return others.first { $0.track.family == tracks.first?.track.family } ?? others.first
    }
}

extension ManifestTrack {
    fileprivate var member: HLSAudioGroup.Member {
        HLSAudioGroup.Member(language: track.language, role: track.role)
    }
}

extension Sequence where Element: Hashable {
    /// The elements without repetitions, in order.
    var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
