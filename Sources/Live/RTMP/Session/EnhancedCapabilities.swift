/// What this server takes of Enhanced RTMP, told in the answer to `connect`.
///
/// Enhanced RTMP v2, "Enhancing NetConnection connect Command"
enum EnhancedCapabilities {
    static let videoFourCCs = ["avc1", "hvc1", "av01", "vp09"]
    static let audioFourCCs = ["mp4a", "Opus", "ac-3", "ec-3", "fLaC", ".mp3"]

    /// `FourCcInfoMask`: CanDecode 1, for thumbnails, and CanForward 4.
    private static let fourCCInfoMask = 5.0
    /// `CapsExMask`: Multitrack 2 and ModEx 4, whose nanoseconds are read; no reconnect requests (1).
    private static let capsEx = 6.0

    /// The properties to answer with; none to an encoder that names none of its own.
    static func answer(to connect: AMF0Value) -> [AMF0Property] {
        let names = ["fourCcList", "videoFourCcInfoMap", "audioFourCcInfoMap", "capsEx"]
        guard names.contains(where: { connect[$0] != nil }) else { return [] }
        let list = (videoFourCCs + audioFourCCs).map { AMF0Value.string($0) }
        return [
            AMF0Property("fourCcList", .strictArray(list)),
            AMF0Property("videoFourCcInfoMap", infoMap(videoFourCCs)),
            AMF0Property("audioFourCcInfoMap", infoMap(audioFourCCs)),
            AMF0Property("capsEx", .number(capsEx)),
        ]
    }

    private static func infoMap(_ names: [String]) -> AMF0Value {
        .object(names.map { AMF0Property($0, .number(fourCCInfoMask)) })
    }
}
