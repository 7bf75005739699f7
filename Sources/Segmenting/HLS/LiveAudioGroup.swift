import ISOBMFF
import Packaging

/// Audio of one encoding: a GROUP-ID and its members, the same in all groups.
///
/// A live track is a choice of its own even where its language is another's as well: encoders send
/// the microphone and the game's sound as two tracks without a language. Two tracks are one member
/// only in different encodings, by language and label and by their order among those.
///
/// RFC 8216bis §4.4.6.1.1
struct LiveAudioGroup {
    /// The codec family's name; nil for a group that playlists do not name.
    var id: String?
    var members: [Member]

    struct Member {
        var name: String
        var isDefault: Bool
        var rendition: LiveRendition
    }

    private struct Identity: Hashable {
        var language: String
        var label: String
        var occurrence: Int
    }

    /// AAC first, as there is no player without it; else in the tracks' order.
    static func groups(of audio: [LiveRendition]) -> [LiveAudioGroup] {
        var families: [CodecFamily] = []
        var identities: [Identity] = []
        var tracks: [(family: CodecFamily, identity: Identity, rendition: LiveRendition)] = []
        for rendition in audio {
            let track = rendition.track
            let family = track.sampleEntry.codec.family
            let earlier = tracks.count {
                $0.family == family && $0.identity.language == track.language
                    && $0.identity.label == track.label
            }
            let identity = Identity(
                language: track.language,
                label: track.label,
                occurrence: earlier
            )
            tracks.append((family, identity, rendition))
            if !families.contains(family) { families.append(family) }
            if !identities.contains(identity) { identities.append(identity) }
        }
        let ordered = families.filter { $0 == .aac } + families.filter { $0 != .aac }
        var names = HLSNames()
        let named = identities.map { identity in
            (
                identity,
                names.name(label: identity.label, language: identity.language, role: .main)
            )
        }
        return ordered.map { family in
            let members = named.compactMap { identity, name -> Member? in
                let candidates = tracks.filter { $0.identity == identity }
                let chosen = candidates.first { $0.family == family } ?? candidates.first
                return chosen.map { chosen in
                    Member(
                        name: name,
                        isDefault: identity == identities.first,
                        rendition: chosen.rendition
                    )
                }
            }
            return LiveAudioGroup(id: family.rawValue, members: members)
        }
    }
}
