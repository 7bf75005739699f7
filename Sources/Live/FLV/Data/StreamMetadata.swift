/// What an encoder's `onMetaData` says of the stream; 0 and empty where it does not.
package struct StreamMetadata: Hashable, Sendable {
    package var encoder = ""
    package var width = 0
    package var height = 0
    package var framesPerSecond = 0.0
    /// Bits a second.
    package var videoBitrate = 0
    package var audioBitrate = 0
    /// Kinds that the encoder says it sends; nil where it says nothing of either.
    var kinds: (video: Bool, audio: Bool)? {
        isSaid ? (hasVideo, hasAudio) : nil
    }

    private var isSaid = false
    private var hasVideo = false
    private var hasAudio = false

    package init() {}

    /// Reads the object behind `onMetaData`.
    init(_ object: AMF0Value) {
        // By scalars: a character can have any number of marks.
        let name = object["encoder"]?.string ?? ""
        encoder = String(name.unicodeScalars.prefix(Self.encoderScalars))
        width = Self.whole(object["width"], upTo: 65_535)
        height = Self.whole(object["height"], upTo: 65_535)
        let rate = (object["framerate"] ?? object["videoframerate"])?.number ?? 0
        framesPerSecond = (0...1000).contains(rate) ? rate : 0
        videoBitrate = Self.whole(object["videodatarate"], upTo: 1_000_000) * 1000
        audioBitrate = Self.whole(object["audiodatarate"], upTo: 1_000_000) * 1000
        hasVideo = object["videocodecid"] != nil || object["videoTrackIdInfoMap"] != nil
        hasAudio = object["audiocodecid"] != nil || object["audioTrackIdInfoMap"] != nil
        isSaid = hasVideo || hasAudio
    }

    private static let encoderScalars = 200

    private static func whole(_ value: AMF0Value?, upTo limit: Int) -> Int {
        guard let number = value?.number, number >= 0, number <= Double(limit) else { return 0 }
        return Int(number.rounded())
    }
}
