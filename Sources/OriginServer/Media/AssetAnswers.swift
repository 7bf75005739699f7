import MediaHTTP
import Packaging

/// What one asset answers to each kind of address.
struct AssetAnswers {
    let asset: LoadedAsset
    let packaging: PackagingConfiguration

    private var index: AssetIndex { asset.index }

    /// - Throws: `PackagingError` and what packaging throws.
    func answer(_ resource: MediaAddress.Resource, query: String?) throws -> MediaResponse {
        switch resource {
        case .masterPlaylist(let format):
            let selection = try Selection(query: query, index: index, format: format)
            return try text(
                key: .masterPlaylist(format, selection.text),
                kind: .masterPlaylist,
                type: Self.playlistType,
                cacheControl: Self.entryPointLife,
                parameters: selection.text
            ) {
                try masterPlaylist(format, selection)
            }
        case .dashManifest:
            let selection = try Selection(query: query, index: index)
            return try text(
                key: .dashManifest(selection.text),
                kind: .manifest,
                type: "application/dash+xml",
                cacheControl: Self.entryPointLife,
                parameters: selection.text
            ) {
                try manifest(selection)
            }
        case .progressive(let quality):
            return try progressive(quality)
        case .versioned(let version, let track, let item):
            guard version == index.version else { return Self.gone }
            return try answer(item, ofTrack: track, query: query)
        }
    }

    private func answer(
        _ item: MediaAddress.Item,
        ofTrack name: String,
        query: String?
    ) throws -> MediaResponse {
        if let subtitles = index.subtitles.first(where: { $0.name == name }) {
            return try SubtitleAnswers(answers: self, track: subtitles).answer(item, query: query)
        }
        guard let track = index.trackIndex(named: name) else { throw PackagingError.notFound }
        let answers = TrackAnswers(answers: self, track: track)
        return try answers.answer(item, query: query)
    }
}

// MARK: Entry points

extension AssetAnswers {
    private func masterPlaylist(
        _ format: MediaAddress.HLSFormat,
        _ selection: Selection
    ) throws -> [UInt8] {
        var frames: [String: [IFrameEntry]] = [:]
        if format == .cmaf {
            for track in selection.tracks where index.tracks[track].kind == .video {
                frames[index.tracks[track].name] = index.keyFrames(
                    ofTrack: track,
                    clip: selection.groups
                )
            }
        }
        return try HLSMultivariantPlaylist(
            version: index.version,
            format: format,
            tracks: selection.tracks.map { manifestTrack($0, selection.groups) },
            subtitles: index.subtitles,
            clip: selection.clip,
            configuration: packaging,
            iFrames: frames
        ).bytes()
    }

    private func manifest(_ selection: Selection) throws -> [UInt8] {
        try DASHManifest(
            version: index.version,
            tracks: selection.tracks.map { manifestTrack($0, selection.groups) },
            subtitles: index.subtitles
        ).bytes()
    }

    func manifestTrack(_ track: Int, _ groups: Range<Int>?) -> ManifestTrack {
        ManifestTrack(
            track: index.tracks[track],
            segments: index.segments(ofTrack: track, clip: groups)
        )
    }

    /// The longest segment of all tracks: one target duration for playlists that play together.
    func longestSegment(_ groups: Range<Int>?) -> MediaTime {
        func find() -> MediaTime {
            ManifestTrack.longestSegment(of: index.tracks.indices.map { manifestTrack($0, groups) })
        }
        return groups == nil ? asset.longestSegment(find) : find()
    }

    /// One quality as a file, video and its audio in one.
    ///
    /// - Throws: `NotReady` where it has to be made first, which takes too long for an event loop.
    private func progressive(_ quality: String) throws -> MediaResponse {
        if let video = video(quality), index.tracks[video].isWholeFile {
            let file = asset.files[index.tracks[video].fileIndex]
            let size = file.identity.sizeBytes
            let whole = StoredRange(file: file, offsetBytes: 0, sizeBytes: size)
            return progressive(
                StoredBody(header: [], ranges: [whole], sizeBytes: size),
                tag: "file"
            )
        }
        guard let body = asset.readyProgressiveBody(quality) else {
            throw NotReady(quality: quality)
        }
        return progressive(body)
    }

    /// - Parameters:
    ///   - body: all of the file.
    ///   - tag: tells its bytes from those that are made of the same asset; empty for the latter.
    /// - Returns: the answer, to be asked for again soon.
    func progressive(_ body: StoredBody, tag: String = "") -> MediaResponse {
        response(
            .progressive,
            type: "video/mp4",
            cacheControl: Self.entryPointLife,
            parameters: tag,
            body: .stored(body)
        )
    }

    /// A body has to be made first: `makeProgressiveBody`, on a thread.
    struct NotReady: Error {
        var quality: String
    }

    /// Makes one quality as a file and keeps it; takes tens of milliseconds.
    func makeProgressiveBody(_ quality: String) throws -> StoredBody {
        guard let video = video(quality) else { throw PackagingError.notFound }
        let plan = try ProgressivePlan.make(index: index, video: video)
        let body = StoredBody(plan, files: asset.files)
        asset.keep(body, ofQuality: quality)
        return body
    }

    private func video(_ quality: String) -> Int? {
        index.tracks.firstIndex { $0.kind == .video && $0.label == quality }
    }
}

// MARK: Responses

extension AssetAnswers {
    /// A playlist of a track, of all of it or of the clip that a query asks for.
    ///
    /// - Parameters:
    ///   - query: what stands behind the address's `?`.
    ///   - key: what the playlist is kept under, from the clip's own query.
    ///   - make: writes it; gets the clip's frame groups, nil for all.
    /// - Returns: the playlist, made once and kept.
    /// - Throws: `PackagingError.invalidClip`, and what `make` throws.
    func mediaPlaylist(
        query: String?,
        key: (String) -> ManifestKey,
        make: (Range<Int>?) throws -> [UInt8]
    ) throws -> MediaResponse {
        let clip = try query.flatMap { try ClipRange(query: $0) }
        let parameters = clip?.query ?? ""
        return try text(
            key: key(parameters),
            kind: .mediaPlaylist,
            type: Self.playlistType,
            parameters: parameters
        ) {
            try make(try clip.flatMap { try index.groups(of: $0) })
        }
    }

    /// A manifest: made once, kept, compressed once.
    func text(
        key: ManifestKey,
        kind: MediaHTTP.MediaKind,
        type: String,
        cacheControl: String = AssetAnswers.versionedLife,
        parameters: String = "",
        make: () throws -> [UInt8]
    ) rethrows -> MediaResponse {
        let text = try asset.manifest(key, make: make)
        return response(
            kind,
            type: type,
            cacheControl: cacheControl,
            parameters: parameters,
            body: .text(text)
        )
    }

    func media(_ kind: MediaHTTP.MediaKind, type: String, _ plan: Plan) -> MediaResponse {
        response(
            kind,
            type: type,
            cacheControl: Self.versionedLife,
            parameters: "",
            body: .stored(StoredBody(plan, files: asset.files))
        )
    }

    private func response(
        _ kind: MediaHTTP.MediaKind,
        type: String,
        cacheControl: String,
        parameters: String,
        body: MediaBody
    ) -> MediaResponse {
        MediaResponse(
            status: 200,
            kind: kind,
            contentType: type,
            cacheControl: cacheControl,
            entityTag: parameters.isEmpty
                ? asset.entityTag : "\(asset.entityTag)-\(Self.tagSafe(parameters))",
            lastModified: asset.snapshot.lastModified,
            extraHeaders: asset.tagField,
            body: body
        )
    }

    /// Parameters as an entity tag may hold them. RFC 9110 §8.8.3
    private static func tagSafe(_ text: String) -> String {
        String(text.map { $0 == "\"" || $0 == " " || !$0.isASCII ? "_" : $0 })
    }

    static let playlistType = "application/vnd.apple.mpegurl"
    /// Entry points name the present version, so they are asked for again soon.
    static let entryPointLife = "public, max-age=2"
    /// What stands under a version never changes.
    static let versionedLife = "public, max-age=31536000, immutable"

    private static var gone: MediaResponse {
        .error(
            status: 410,
            code: "version_gone",
            message: "The video was replaced; load its playlist again.",
            cacheControl: "public, max-age=2"
        )
    }
}
