package import Platform

extension PrometheusText {
    /// The live streams of this origin.
    package mutating func live(_ snapshots: [LiveSnapshot]) {
        func labels(_ snapshot: LiveSnapshot) -> Labels { [("stream", snapshot.id)] }
        func gauges(
            _ name: String,
            _ help: String,
            _ value: (LiveSnapshot) -> Int64
        ) {
            gauge("millrace_live_" + name, help: help, snapshots.map { (labels($0), value($0)) })
        }
        func counters(_ name: String, _ help: String, _ value: (LiveSnapshot) -> UInt64) {
            counter("millrace_live_" + name, help: help, snapshots.map { (labels($0), value($0)) })
        }
        gauges("publishing", "1 while the stream's media comes in.") { $0.phase == .live ? 1 : 0 }
        gauges("bitrate", "Bits a second from the publisher.") { Int64($0.statistics.bitrate) }
        gauges("frame_rate_milli", "Thousandths of frames a second from the publisher.") {
            Int64($0.statistics.framesPerSecond * 1000)
        }
        gauges("key_frame_distance_milliseconds", "Between the newest two key frames.") {
            $0.statistics.source.keyFrameDistanceMicroseconds / 1000
        }
        gauges("viewers", "Held playlist requests, and others in a target duration.") {
            Int64($0.viewers)
        }
        gauges("waiting_requests", "Requests held now.") { Int64($0.waiting) }
        gauges("memory_bytes", "Media in memory.") { Int64($0.memoryBytes) }
        counters("publishes_total", "Publishes begun.") { $0.statistics.publishes }
        counters("segments_total", "Segments made, of all tracks.") { $0.statistics.segments }
        counters("parts_total", "Parts made, of all tracks.") { $0.statistics.parts }
        counters("timestamp_jumps_total", "In this publish.") { $0.statistics.source.jumps }
        counters("dropped_frames_total", "In this publish.") { $0.statistics.source.dropped }
        histogram(
            "millrace_live_part_latency_seconds",
            help: "From a part's last frame's arrival to the moment it can be had.",
            snapshots.map { (labels($0), $0.statistics.partLatency) }
        )
        histogram(
            "millrace_live_part_lateness_seconds",
            help: "How much later a part came than the one before and its own duration say.",
            snapshots.map { (labels($0), $0.statistics.partLateness) }
        )
    }
}
