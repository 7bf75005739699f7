import CLibAV

/// An opened media file: its description, then its packets in file order.
///
/// libavformat reads through `InputBytes` and may open nothing itself; which containers it may
/// take, how far it may look for streams and how long it may go without progress is limited.
@safe final class Demuxer {
    let description: MediaDescription
    /// By the stream's index in the container; nil where a stream is unusable.
    let streams: [InputStream?]
    /// Whether timestamps of this container may jump: broadcasts.
    let hasDiscontinuities: Bool
    /// Whether the declared duration is the container's own word and not an estimate.
    let declaresDuration: Bool
    private var context: UnsafeMutablePointer<AVFormatContext>?
    private let input: InputBytes
    private let watchdog: Watchdog
    private var selected: Set<Int> = []

    init(path: String, watchdog: Watchdog) throws(TranscodingError) {
        self.watchdog = watchdog
        let input = try InputBytes(path: path, watchdog: watchdog)
        self.input = input
        let format = try unsafe Self.recognise(input)
        unsafe context = try Self.open(input, as: format)
        guard let opened = unsafe context else { throw .damaged(detail: "") }
        do throws(TranscodingError) {
            try unsafe check(
                avformat_find_stream_info(opened, nil),
                or: { input.readError ?? Self.failure($0, watchdog) }
            )
        } catch {
            unsafe avformat_close_input(&context)
            throw error
        }
        streams = unsafe (0..<Int(opened.pointee.nb_streams)).map { index in
            unsafe opened.pointee.streams[index].flatMap { unsafe InputStream($0) }
        }
        let duration = unsafe opened.pointee.duration
        description = unsafe MediaDescription(
            container: String(cString: format.pointee.name),
            containerName: String(cString: format.pointee.long_name),
            durationSeconds: duration == MillraceAVNoPTS || duration <= 0
                ? nil : Double(duration) / Double(AV_TIME_BASE),
            sizeBytes: input.sizeBytes,
            streams: streams.compactMap { $0?.description }
        )
        hasDiscontinuities = unsafe format.pointee.flags & AVFMT_TS_DISCONT != 0
        declaresDuration =
            unsafe !hasDiscontinuities
            && opened.pointee.duration_estimation_method == AVFMT_DURATION_FROM_STREAM
    }

    deinit {
        unsafe avformat_close_input(&context)
    }

    /// Lets only these streams through `next()`; the others cost nothing more.
    func select(_ indexes: Set<Int>) {
        selected = indexes
        guard let context = unsafe context else { return }
        for index in streams.indices {
            unsafe context.pointee.streams[index]?.pointee.discard =
                indexes.contains(index) ? AVDISCARD_DEFAULT : AVDISCARD_ALL
        }
    }

    /// The next packet of a selected stream; nil at the end of the file.
    func next() throws(TranscodingError) -> Packet? {
        guard let context = unsafe context else { return nil }
        let packet = try Packet()
        var failures = 0
        while true {
            let code = unsafe av_read_frame(context, packet.handle)
            if code >= 0 {
                watchdog.progressed()
                // A broadcast or damage can bring further streams at any time.
                if selected.contains(packet.streamIndex) { return packet }
                unsafe av_packet_unref(packet.handle)
                continue
            }
            if let error = input.readError { throw error }
            if watchdog.isExpired { throw Self.failure("", watchdog) }
            if code == MillraceAVErrorEOF { return nil }
            failures += 1
            guard code == MillraceAVErrorAgain, failures < ImportLimits.badReadsInARow else {
                throw .damaged(detail: LibAV.text(code))
            }
        }
    }

    /// The C stream, for the muxer in this folder.
    func handle(of index: Int) -> UnsafeMutablePointer<AVStream>? {
        unsafe context?.pointee.streams[index]
    }

    /// Whether the packet brings a decoder configuration that differs from the stream's.
    func changesConfiguration(_ packet: Packet) -> Bool {
        guard let stream = unsafe handle(of: packet.streamIndex),
            let change = packet.newConfiguration
        else {
            return false
        }
        let parameters = unsafe stream.pointee.codecpar.pointee
        guard let known = unsafe parameters.extradata, unsafe parameters.extradata_size > 0 else {
            return false
        }
        return unsafe !change.elementsEqual(
            UnsafeBufferPointer(start: known, count: Int(parameters.extradata_size))
        )
    }

    /// Exact samples of an audio packet; nil where the codec's packets do not have one length.
    func sampleCount(of packet: Packet) -> Int64? {
        guard let stream = unsafe handle(of: packet.streamIndex) else { return nil }
        let count = unsafe av_get_audio_frame_duration2(
            stream.pointee.codecpar,
            CInt(clamping: packet.sizeBytes)
        )
        return count > 0 ? Int64(count) : nil
    }

    private static func failure(_ text: String, _ watchdog: Watchdog) -> TranscodingError {
        watchdog.isExpired
            ? .stalled(seconds: Int(ImportLimits().childStall.components.seconds))
            : text.contains("moov atom not found") ? .missingIndex : .damaged(detail: text)
    }
}

extension Demuxer {
    /// Containers that hold their media themselves.
    ///
    /// Playlists and others that refer to further files (hls, dash, concat, sdp, image sequences)
    /// are not here and never will be.
    private static let containers: Set<String> = [
        "matroska", "webm", "mov", "mpegts", "flv", "avi", "mpeg", "asf", "ogg", "nut", "mxf",
        "aac", "mp3", "ac3", "eac3", "flac", "wav", "w64", "caf", "ivf", "h264", "hevc", "obu",
        "wtv", "rm", "gxf",
    ]

    /// Finds the container by its bytes alone: a file's name is no evidence.
    private static func recognise(
        _ input: InputBytes
    ) throws(TranscodingError) -> UnsafePointer<AVInputFormat> {
        var format: UnsafePointer<AVInputFormat>?
        let score = unsafe av_probe_input_buffer2(
            input.context,
            &format,
            "",
            nil,
            0,
            ImportLimits.formatProbeBytes
        )
        if let error = input.readError { throw error }
        guard score > ImportLimits.probeScore, let found = unsafe format else {
            throw .notMedia(path: input.path)
        }
        let name = unsafe String(cString: found.pointee.name)
        let names = Set(name.split(separator: ",").map(String.init))
        guard !names.isDisjoint(with: containers) else {
            throw .refusedContainer(format: name)
        }
        return unsafe found
    }

    private static func open(
        _ input: InputBytes,
        as format: UnsafePointer<AVInputFormat>
    ) throws(TranscodingError) -> UnsafeMutablePointer<AVFormatContext>? {
        var context = unsafe avformat_alloc_context()
        guard let new = unsafe context else { throw .damaged(detail: "out of memory") }
        unsafe new.pointee.pb = input.context
        unsafe new.pointee.probesize = ImportLimits.probeBytes
        unsafe new.pointee.max_analyze_duration = ImportLimits.analyzeMicroseconds
        unsafe new.pointee.max_streams = ImportLimits.streams
        unsafe new.pointee.format_whitelist = av_strdup(containers.joined(separator: ","))
        unsafe new.pointee.codec_whitelist = av_strdup(
            MediaCodec.probeDecoders.joined(separator: ",")
        )
        unsafe new.pointee.protocol_whitelist = av_strdup("file")
        // Whatever a file refers to stays unopened.
        unsafe new.pointee.io_open = { _, _, _, _, _ in -EPERM }
        unsafe new.pointee.interrupt_callback.opaque = Unmanaged.passUnretained(input.watchdog)
            .toOpaque()
        unsafe new.pointee.interrupt_callback.callback = { opaque in
            guard let opaque = unsafe opaque else { return 0 }
            let watchdog = unsafe Unmanaged<Watchdog>.fromOpaque(opaque).takeUnretainedValue()
            return watchdog.isExpired ? 1 : 0
        }
        // On failure libavformat frees the context.
        let code = unsafe avformat_open_input(&context, "", format, nil)
        if code < 0, let error = input.readError { throw error }
        try check(code, or: { failure($0, input.watchdog) })
        return unsafe context
    }
}
