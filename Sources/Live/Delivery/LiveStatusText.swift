import ISOBMFF
import Platform
import Segmenting

/// A stream's `status`.
///
/// The publisher's address is not told: the page of a stream is for everybody.
package enum LiveStatusText {
    package static func json(_ snapshot: LiveSnapshot) -> String {
        let statistics = snapshot.statistics
        var fields = [
            field("stream", snapshot.id),
            field("phase", snapshot.phase.rawValue),
            field("target_duration_s", snapshot.targetDurationSeconds),
        ]
        switch snapshot.lowLatency {
        case .parts(let targetMicroseconds):
            fields.append(field("part_target_ms", targetMicroseconds / 1000))
        case .none(let reason):
            fields.append(field("low_latency_off", reason))
        }
        fields.append("\"tracks\":[" + snapshot.tracks.map(track).joined(separator: ",") + "]")
        fields += [
            "\"first_segment\":" + (snapshot.firstSegmentNumber.map { "\($0)" } ?? "null"),
            "\"last_segment\":" + (snapshot.lastSegmentNumber.map { "\($0)" } ?? "null"),
            "\"publisher\":" + (statistics.publisher.map(publisher) ?? "null"),
            field("bitrate", statistics.bitrate),
            "\"frame_rate\":" + String(Double(Int(statistics.framesPerSecond * 100)) / 100),
            field(
                "key_frame_distance_ms",
                statistics.source.keyFrameDistanceMicroseconds / 1000
            ),
            field("timestamp_jumps", statistics.source.jumps),
            field("healed_gaps", statistics.source.healedGaps),
            field("dropped_frames", statistics.source.dropped),
            field("publishes", statistics.publishes),
            field("viewers", snapshot.viewers),
            field("waiting_requests", snapshot.waiting),
            "\"part_latency_ms\":" + quantiles(statistics.partLatency),
            "\"part_lateness_ms\":" + quantiles(statistics.partLateness),
        ]
        if let archive = snapshot.archive { fields += Self.archive(archive) }
        return "{" + fields.joined(separator: ",") + "}\n"
    }

    private static func archive(_ facts: LiveArchiveFacts) -> [String] {
        var fields = [field("rewind_seconds", facts.rewindMicroseconds / 1_000_000)]
        if !facts.recordingID.isEmpty {
            fields += [
                field("recording", facts.recordingID),
                "\"recording_complete\":\(facts.isComplete)",
            ]
        }
        if !facts.problem.isEmpty { fields.append(field("recording_problem", facts.problem)) }
        return fields
    }

    private static func track(_ track: LiveTrack) -> String {
        var fields = [field("id", track.id.name), field("codec", "\(track.sampleEntry.format)")]
        if let video = track.sampleEntry.video {
            fields += [field("width", video.width), field("height", video.height)]
        }
        if let audio = track.sampleEntry.audio {
            fields += [
                field("sample_rate", audio.sampleRate), field("channels", audio.channelCount),
            ]
        }
        return "{" + fields.joined(separator: ",") + "}"
    }

    private static func publisher(_ publisher: LivePublisher) -> String {
        let fields = [
            field("encoder", publisher.encoder),
            field("role", publisher.role.rawValue),
            field("since", UTCText.iso(microseconds: publisher.sinceMicroseconds)),
        ]
        return "{" + fields.joined(separator: ",") + "}"
    }

    /// The bounds below which half and 95 % of the observations are.
    private static func quantiles(_ histogram: LatencyHistogram) -> String {
        let (bounds, total) = histogram.cumulative
        func bound(_ share: Double) -> String {
            guard total > 0 else { return "null" }
            let wanted = share * Double(total)
            let found = bounds.first { Double($0.count) >= wanted } ?? bounds.last
            return found.map { String(Int(($0.seconds * 1000).rounded(.up))) } ?? "null"
        }
        return "{\"p50_below\":\(bound(0.5)),\"p95_below\":\(bound(0.95))}"
    }

    private static func field(_ name: String, _ text: String) -> String {
        "\"\(name)\":\(JSONText.quoted(text))"
    }

    private static func field(_ name: String, _ number: some BinaryInteger) -> String {
        "\"\(name)\":\(number)"
    }
}
