/// Fills in when the pictures of a stream are shown where its container says only their order of
/// decoding, and frames are reordered.
struct MissingTimes {
    private let order: PictureOrder
    private let depth: Int64
    private var pending = PresentationOrder<(packet: Packet, dts: Int64)>()
    private var lastDTS: Int64 = -1
    /// From one picture to the next.
    private var spacing: Int64 = 1

    /// Nil where nothing is to fill in, or nothing is known to do it with.
    init?(stream: InputStream, demuxer: Demuxer) {
        guard stream.description.kind == .video, stream.reorderDepth > 0,
            let order = PictureOrder(stream: stream.description.index, of: demuxer)
        else {
            return nil
        }
        self.order = order
        depth = Int64(stream.reorderDepth)
    }

    /// Takes a packet, and gives back those whose times are complete now, in decode order.
    mutating func complete(_ packet: Packet) throws(TranscodingError) -> [Packet] {
        guard packet.pts == nil || pending.waiting > 0 else { return [packet] }
        let dts = packet.dts ?? lastDTS + 1
        lastDTS = dts
        let count = order.count(of: packet)
        let run = pending.add((packet, dts), count: count, isKey: packet.isKey)
        guard pending.waiting <= ImportLimits.picturesInARun else {
            throw .tooMany(what: "frames without times", limit: ImportLimits.picturesInARun)
        }
        return timed(run)
    }

    mutating func end() -> [Packet] { timed(pending.end()) }

    /// The picture at a place is shown when the one at that place of the run is in the file;
    /// decoding is earlier by as many pictures as it holds back.
    private mutating func timed(
        _ run: [(picture: (packet: Packet, dts: Int64), place: Int)]
    ) -> [Packet] {
        if run.count > 1 {
            // The container's own word for a packet's length is half a frame at times.
            spacing = (run[run.count - 1].picture.dts - run[0].picture.dts) / Int64(run.count - 1)
        }
        return run.map { item in
            item.picture.packet.pts = run[item.place].picture.dts
            item.picture.packet.dts = item.picture.dts - depth * spacing
            return item.picture.packet
        }
    }
}
