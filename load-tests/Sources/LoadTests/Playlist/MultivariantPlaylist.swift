/// The renditions that a player chooses from.
///
/// RFC 8216bis §4.4.6. Addresses stand as they are written in the playlist.
package struct MultivariantPlaylist: Sendable, Equatable {
    package struct Variant: Sendable, Equatable {
        package var address: String
        /// Bits per second at the peak.
        package var bandwidth: Int
        package var audioGroup: String?
    }

    package struct Audio: Sendable, Equatable {
        package var group: String
        /// Nil where the audio is in the variant itself.
        package var address: String?
        package var isDefault: Bool
    }

    /// In order of bandwidth, lowest first.
    package var variants: [Variant]
    package var audio: [Audio]

    /// The audio rendition that a player takes beside a variant unless told otherwise.
    package func audioAddress(beside variant: Variant) -> String? {
        guard let group = variant.audioGroup else { return nil }
        let choices = audio.filter { $0.group == group }
        return (choices.first { $0.isDefault } ?? choices.first)?.address
    }
}
