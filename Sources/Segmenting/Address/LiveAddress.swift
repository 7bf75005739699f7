/// What an address under `/live/` names.
///
/// Entry points: `/live/{id}/master.m3u8`, `/live/{id}/dvr/master.m3u8`, `/live/{id}/manifest.mpd`.
/// Further: `/live/{id}/{track}.m3u8`, `/live/{id}/dvr/{track}.m3u8`, `/live/{id}/time`,
/// `/live/{id}/status`, `/live/{id}/thumbnail.jpg`. Media carry their publish's token:
/// `/live/{id}/{token}/{track}/init-{number}.mp4`, `…/{track}/{segment}.m4s` and
/// `…/{track}/{segment}.{part}.m4s`.
package struct LiveAddress: Hashable, Sendable {
    package var streamID: String
    package var resource: Resource

    /// Which part of the stream a playlist tells of.
    package enum Scope: Hashable, Sendable {
        /// About the last minute.
        case live
        /// The rewind window.
        case rewind
    }

    package enum Resource: Hashable, Sendable {
        case masterPlaylist(Scope)
        case mediaPlaylist(Scope, LiveTrackID)
        case dashManifest
        /// Wall time for `UTCTiming`.
        case time
        case status
        case thumbnail
        case initialization(token: String, LiveTrackID, number: Int)
        case segment(token: String, LiveTrackID, number: UInt64)
        /// `index` is 0-based.
        case part(token: String, LiveTrackID, segment: UInt64, index: Int)
    }

    package init(streamID: String, resource: Resource) {
        self.streamID = streamID
        self.resource = resource
    }
}
