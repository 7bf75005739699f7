import CLibAV

/// One stream of a demuxer: what is known for people, and what timing needs.
package struct InputStream {
    package var description: MediaDescription.Stream
    package var timeBase: TimeBase
    /// First presentation time, in the time base; nil where unknown.
    package var startTime: Int64?
    /// Frames that decoding holds back: above 0 where frames are reordered.
    package var reorderDepth: Int
    /// Samples that a decoder drops at the start.
    package var initialPadding: Int

    package init(
        description: MediaDescription.Stream,
        timeBase: TimeBase,
        reorderDepth: Int = 0,
        initialPadding: Int = 0
    ) {
        self.description = description
        self.timeBase = timeBase
        self.reorderDepth = reorderDepth
        self.initialPadding = initialPadding
    }

    /// Nil for a stream without a usable time base.
    init?(_ stream: UnsafeMutablePointer<AVStream>) {
        let base = unsafe stream.pointee.time_base
        guard let timeBase = TimeBase(numerator: base.num, denominator: base.den),
            let parameters = unsafe stream.pointee.codecpar
        else {
            return nil
        }
        self.timeBase = timeBase
        startTime = unsafe Self.time(stream.pointee.start_time)
        reorderDepth = unsafe Int(max(0, parameters.pointee.video_delay))
        initialPadding = unsafe Int(max(0, parameters.pointee.initial_padding))
        description = unsafe Self.describe(stream, parameters)
    }

    private static func describe(
        _ stream: UnsafeMutablePointer<AVStream>,
        _ parameters: UnsafeMutablePointer<AVCodecParameters>
    ) -> MediaDescription.Stream {
        let kind: MediaDescription.Stream.Kind =
            switch unsafe parameters.pointee.codec_type {
            case AVMEDIA_TYPE_VIDEO: .video
            case AVMEDIA_TYPE_AUDIO: .audio
            case AVMEDIA_TYPE_SUBTITLE: .subtitle
            default: .other
            }
        var result = MediaDescription.Stream(
            index: unsafe Int(stream.pointee.index),
            kind: kind,
            codec: unsafe String(cString: avcodec_get_name(parameters.pointee.codec_id))
        )
        let metadata = unsafe stream.pointee.metadata
        result.language = unsafe value("language", in: metadata)
        result.title = unsafe value("title", in: metadata) ?? value("handler_name", in: metadata)
        result.width = unsafe Int(parameters.pointee.width)
        result.height = unsafe Int(parameters.pointee.height)
        result.sampleRate = unsafe Int(parameters.pointee.sample_rate)
        result.channelCount = unsafe Int(parameters.pointee.ch_layout.nb_channels)
        let rate = unsafe stream.pointee.avg_frame_rate
        if rate.num > 0, rate.den > 0 {
            result.frameRateNumerator = rate.num
            result.frameRateDenominator = rate.den
        }
        let disposition = unsafe stream.pointee.disposition
        result.isDefault = disposition & AV_DISPOSITION_DEFAULT != 0
        result.isForced = disposition & AV_DISPOSITION_FORCED != 0
        result.isCommentary = disposition & AV_DISPOSITION_COMMENT != 0
        result.isDescription =
            disposition & (AV_DISPOSITION_VISUAL_IMPAIRED | AV_DISPOSITION_DESCRIPTIONS) != 0
        result.isForHearingImpaired =
            disposition & (AV_DISPOSITION_HEARING_IMPAIRED | AV_DISPOSITION_CAPTIONS) != 0
        result.isAttachedPicture = disposition & AV_DISPOSITION_ATTACHED_PIC != 0
        return result
    }

    private static func value(_ key: String, in dictionary: OpaquePointer?) -> String? {
        guard let entry = unsafe av_dict_get(dictionary, key, nil, 0),
            let text = unsafe entry.pointee.value
        else {
            return nil
        }
        // Metadata is as long as its writer liked; names are short.
        let value = unsafe String(String(cString: text).prefix(200))
        return value.isEmpty ? nil : value
    }

    private static func time(_ value: Int64) -> Int64? {
        value == MillraceAVNoPTS ? nil : value
    }
}
