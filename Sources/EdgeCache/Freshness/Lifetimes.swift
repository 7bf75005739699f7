/// How long answers live whose origin does not say, by what they are.
package struct Lifetimes: Hashable, Sendable {
    /// The three windows of one kind; the later two begin where the first ends.
    package struct Windows: Hashable, Sendable {
        package var fresh: Duration
        package var staleWhileRevalidate: Duration
        package var staleIfError: Duration

        package init(
            fresh: Duration,
            staleWhileRevalidate: Duration = .zero,
            staleIfError: Duration = .zero
        ) {
            self.fresh = fresh
            self.staleWhileRevalidate = staleWhileRevalidate
            self.staleIfError = staleIfError
        }
    }

    private var windows: [Windows]
    /// Of 404 and 410; never applied to live, where what does not exist yet soon does.
    package var notFound: Duration = .seconds(2)
    /// Of 500 to 504; 0 stores none, and those who wait for the same answer still share it.
    package var serverError: Duration = .zero
    /// An error lives no longer, whatever the origin says: servers are known to put the life of
    /// their files on their errors as well.
    package var longestError: Duration = .seconds(60)

    /// The lives by kind.
    ///
    /// - Parameter targetDuration: of live streams whose origin does not say how long its answers
    ///   live. RFC 8216bis appendix B.1 counts in it.
    package init(targetDuration: Duration = .seconds(2)) {
        self.windows = ContentKind.allCases.map { Self.standard($0, targetDuration) }
    }

    package subscript(kind: ContentKind) -> Windows {
        get { windows[Int(kind.rawValue)] }
        set { windows[Int(kind.rawValue)] = newValue }
    }

    private static func standard(_ kind: ContentKind, _ targetDuration: Duration) -> Windows {
        let minute = Duration.seconds(60)
        let hour = minute * 60
        let day = hour * 24
        return switch kind {
        case .vodSegment:
            Windows(fresh: hour, staleWhileRevalidate: minute * 10, staleIfError: day)
        case .vodManifest:
            Windows(fresh: .seconds(5), staleWhileRevalidate: .seconds(30), staleIfError: hour)
        case .progressive:
            Windows(fresh: hour, staleWhileRevalidate: minute, staleIfError: hour)
        case .thumbnail: Windows(fresh: day, staleWhileRevalidate: hour, staleIfError: day)
        case .staticAsset:
            Windows(fresh: day * 7, staleWhileRevalidate: day, staleIfError: day * 7)
        case .livePlaylist: Windows(fresh: targetDuration / 2, staleIfError: targetDuration * 3)
        case .liveBlockingPlaylist: Windows(fresh: targetDuration * 6)
        case .liveMedia:
            Windows(fresh: targetDuration * 6, staleIfError: targetDuration * 6)
        case .other: Windows(fresh: .zero)
        }
    }
}
