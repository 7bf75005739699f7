/// What an address under `/videos/` names.
///
/// Entry points carry no version and players find everything else through them:
/// `/videos/{id}/hls/master.m3u8`, `/videos/{id}/hls-ts/master.m3u8`, `/videos/{id}/dash/manifest.mpd`
/// and `/videos/{id}/{quality}.mp4`. All others are `/videos/{id}/{version}/{track}/{item}`.
package struct MediaAddress: Hashable, Sendable {
    package var videoID: String
    package var resource: Resource

    package enum Resource: Hashable, Sendable {
        case masterPlaylist(HLSFormat)
        case dashManifest
        case progressive(quality: String)
        case versioned(AssetVersion, track: String, Item)
    }

    package enum HLSFormat: Hashable, Sendable {
        case cmaf
        case transportStream
    }

    /// What a track has; the file name of each in the comment.
    package enum Item: Hashable, Sendable {
        /// `media.m3u8`, `media-ts.m3u8`
        case mediaPlaylist(HLSFormat)
        /// `iframes.m3u8`
        case iFramePlaylist
        /// `init-{number}.mp4`, number = description index + 1
        case initSegment(descriptionIndex: Int)
        /// `{number}.m4s`, or `{first group}-{end group}.m4s` for a part of a segment
        case segment(SegmentReference)
        /// `{number}.ts`, or by groups
        case transportStreamSegment(SegmentReference)
        /// `i{group}.m4s`: one fragment with the key frame that starts a group
        case iFrame(group: Int)
        /// `{number}.vtt` and by groups; `ts` where a time stamp map is needed: `{number}-ts.vtt`
        case subtitleSegment(SegmentReference, HLSFormat)
        /// `all.vtt`: the whole file, as DASH names it
        case subtitles
    }

    package enum SegmentReference: Hashable, Sendable {
        case number(Int)
        case groups(Range<Int>)
    }

    package init(videoID: String, resource: Resource) {
        self.videoID = videoID
        self.resource = resource
    }
}
