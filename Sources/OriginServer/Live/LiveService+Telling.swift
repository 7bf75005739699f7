import Live
import Platform

extension LiveService {
    /// Prometheus text of publishers, streams and recordings.
    func write(to text: inout PrometheusText) {
        let rtmp = rtmp
        text.gauge(
            "millrace_rtmp_connections",
            help: "Encoders' connections that are open.",
            [([], Int64(rtmp.openConnectionCount))]
        )
        text.gauge(
            "millrace_rtmp_publishers",
            help: "Encoders that publish now.",
            [([], Int64(rtmp.publisherCount))]
        )
        text.counter(
            "millrace_rtmp_publishes_total",
            help: "Publishes accepted.",
            [([], rtmp.publishCount)]
        )
        text.counter(
            "millrace_rtmp_media_bytes_total",
            help: "Bodies of media and data messages.",
            [([], rtmp.mediaByteCount)]
        )
        text.counter(
            "millrace_rtmp_silences_total",
            help: "Publishes that ended because nothing came any more.",
            [([], rtmp.silenceCount)]
        )
        text.counter(
            "millrace_rtmp_guard_refusals_total",
            help: "Connections closed for chunks that no encoder sends.",
            [([], rtmp.guardRefusalCount)]
        )
        text.counter(
            "millrace_rtmp_refusals_total",
            help: "Encoders sent away, by reason.",
            rtmp.refusals.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                ([("reason", $0.key.rawValue)], $0.value)
            }
        )
        text.gauge(
            "millrace_recordings_bytes",
            help: "All recordings made here, finished or not.",
            [([], Int64(clamping: recordings.totalBytes))]
        )
        text.live(hub.snapshots)
    }

    /// Streams and recordings, for the admin listener.
    var statusJSON: String {
        let streams = hub.snapshots.map(LiveStatusText.json)
        let videos = recordings.finished.map { video in
            "{\"id\":\(JSONText.quoted(video.id)),\"stream\":\(JSONText.quoted(video.streamID)),"
                + "\"bytes\":\(video.sizeBytes),\"complete\":\(video.isComplete)}"
        }
        return "{\"publishers\":\(rtmp.publisherCount),"
            + "\"streams\":[\(streams.joined(separator: ","))],"
            + "\"recordings\":[\(videos.joined(separator: ","))]}"
    }
}
