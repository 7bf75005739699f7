import Packaging
package import Segmenting

/// Playlists, manifests and addresses as `Segmenting` has them.
package struct SegmentingRendering: LiveRendering {
    package init() {}

    package func begin(_ presentation: inout LivePresentation, token: String) {
        presentation.begin(token: token)
    }

    package func apply(
        _ action: SegmenterAction,
        token: String,
        to presentation: inout LivePresentation
    ) {
        presentation.apply(action)
    }

    package func trim(_ presentation: inout LivePresentation, windowMicroseconds: Int64) {
        presentation.trim(windowMicroseconds: windowMicroseconds)
    }

    package func end(_ presentation: inout LivePresentation) {
        presentation.end()
    }

    package func multivariant(_ presentation: LivePresentation) -> [UInt8] {
        LiveHLS.multivariant(presentation, scope: .live)
    }

    package func playlist(
        _ presentation: LivePresentation,
        track: LiveTrackID,
        skip: LiveSkip
    ) -> [UInt8] {
        LiveHLS.media(presentation, track: track, scope: .live, delta: skip.delta) ?? []
    }

    package func manifest(
        _ presentation: LivePresentation,
        facts: LiveManifestFacts
    ) -> [UInt8]? {
        LiveDASH.manifest(
            presentation,
            timeline: facts.timeline,
            facts: LiveDASHFacts(
                addressing: facts.addressing,
                windowMicroseconds: facts.windowMicroseconds
            )
        )
    }

    package func reload(
        query: String?,
        of track: LiveTrackID,
        in presentation: LivePresentation
    ) -> LiveReload {
        guard let query, let rendition = presentation.rendition(track) else { return .now(.none) }
        let (decision, delta) = BlockingReload.decide(query: query, rendition, in: presentation)
        let skip = LiveSkip(delta)
        switch decision {
        case .now: return .now(skip)
        case .wait(let segment, let part): return .wait(segment: segment, part: part, skip)
        case .badRequest(let reason): return .badRequest(reason.rawValue)
        }
    }

    package func address(path: String) -> Result<LiveAddress, LiveAddressFault> {
        do throws(LiveAddressError) {
            return .success(try LiveAddress(path: path))
        } catch {
            switch error {
            case .malformed: return .failure(.malformed)
            case .unknown: return .failure(.unknown)
            }
        }
    }
}

extension LiveSkip {
    fileprivate init(_ delta: LiveHLSDelta?) {
        switch delta {
        case nil: self = .none
        case .segments: self = .segments
        case .segmentsAndDateRanges: self = .segmentsAndDateRanges
        }
    }

    fileprivate var delta: LiveHLSDelta? {
        switch self {
        case .none: nil
        case .segments: .segments
        case .segmentsAndDateRanges: .segmentsAndDateRanges
        }
    }
}
