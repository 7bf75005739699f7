import Glibc
package import Live
import Packaging
import Segmenting

// What the options of live come to for each of its parts.

extension RecordingConfiguration {
    init(_ configuration: OriginConfiguration) {
        let live = configuration.live
        self.init(
            isOn: live.recording.isOn,
            rewindMicroseconds: live.recording.rewind.microseconds,
            retentionMicroseconds: live.recording.retention == .zero
                ? nil : live.recording.retention.microseconds,
            quotaBytes: live.recording.quotaBytes == 0 ? nil : UInt64(live.recording.quotaBytes),
            folder: configuration.dataFolder + "/live",
            libraryFolder: configuration.mediaFolder,
            targetDurationSeconds: live.segments.targetDuration,
            graceMicroseconds: live.publishers.grace.microseconds
        )
    }
}

extension SegmenterConfiguration {
    init(_ options: OriginConfiguration.SegmentOptions) {
        self.init(
            partMicroseconds: options.part.microseconds,
            segmentMicroseconds: options.segment.microseconds,
            targetDurationSeconds: options.targetDuration
        )
    }
}

extension LiveHubConfiguration {
    init(_ options: OriginConfiguration.LiveOptions) {
        self.init()
        takeover = options.publishers.takeover == .replace ? .replace : .reject
        graceTime = options.publishers.grace
        graceTimeAfterUnpublish = options.publishers.grace
        targetDurationSeconds = options.segments.targetDuration
        limits.windowMicroseconds = options.segments.window.microseconds
    }
}

extension RTMPConfiguration {
    init(_ options: OriginConfiguration.LiveOptions) {
        var limits = RTMPLimits()
        limits.publisherCount = options.publishers.maximum
        // Some are on their way in or out.
        limits.connectionCount = options.publishers.maximum * 2
        limits.connectionsPerAddress = options.publishers.maximumPerAddress
        limits.silence = options.publishers.silence
        self.init(
            listen: options.rtmp,
            listenTLS: options.rtmps?.listen,
            certificateChain: options.rtmps?.certificateFile,
            privateKey: options.rtmps?.keyFile,
            application: options.application,
            limits: limits
        )
    }
}

extension RewindRendering {
    package static var live: RewindRendering {
        RewindRendering(
            segmentLines: { segment, previous, writer in
                LiveHLS.segmentLines(segment, after: previous, scope: .rewind, into: &writer)
            },
            head: { head, writer in
                LiveHLS.rewindHead(
                    targetDurationSeconds: head.targetDurationSeconds,
                    mediaSequence: head.mediaSequence,
                    discontinuitySequence: head.discontinuitySequence,
                    type: head.isWhole ? .vod : nil,
                    into: &writer
                )
            },
            multivariant: { LiveHLS.multivariant($0, scope: .rewind) }
        )
    }
}

extension Duration {
    var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}

enum SystemError {
    static func text(_ code: Int32) -> String {
        code == EADDRINUSE
            ? "another program listens there" : unsafe String(cString: strerror(code)).lowercased()
    }
}
