/// Sample entry of a video track.
///
/// ISO/IEC 14496-12 §12.1.3
struct VisualSampleEntry {
    let entry: SampleEntry

    /// Reads an entry whose cursor stands behind the data reference number.
    init(_ box: BoxReader) throws(ISOBMFFError) {
        var fields = box
        try fields.skip(16)  // pre_defined and reserved; QuickTime's version, vendor, quality
        let width = Int(try fields.readUInt16())
        let height = Int(try fields.readUInt16())
        try fields.skip(4 + 4 + 4 + 2 + 32 + 2 + 2)  // resolutions … compressorname, depth
        let children = fields
        var video = VideoProperties(width: width, height: height)
        let codec = try Self.codec(format: box.type, children: children)
        if case .other = codec {
            // What an unknown format appends need not be boxes.
            self.entry = SampleEntry(
                format: box.type,
                boxBytes: box.boxBytes,
                codec: codec,
                video: video
            )
            return
        }
        var rates: Btrt?
        while let child = try fields.nextBox() {
            switch child.type {
            case "btrt": rates = try Btrt(child)
            case "colr": video.color = try ColorProperties(child) ?? video.color
            case "pasp":
                let ratio = try Pasp(child)
                video.pixelAspectHorizontal = ratio.horizontal
                video.pixelAspectVertical = ratio.vertical
            case "mdcv", "SmDm": video.hasMasteringDisplay = true
            case "clli", "CoLL": video.hasContentLightLevel = true
            case "dvcC", "dvvC", "dvwC":
                video.dolbyVision = try DolbyVisionConfiguration(child)
            default: break
            }
        }
        self.entry = SampleEntry(
            format: box.type,
            boxBytes: box.boxBytes,
            codec: codec,
            video: video,
            maximumBitrate: rates?.maximumBitrate ?? 0,
            averageBitrate: rates?.averageBitrate ?? 0
        )
    }

    private static func codec(
        format: FourCC,
        children: BoxReader
    ) throws(ISOBMFFError) -> Codec {
        switch format {
        case "avc1", "avc3":
            .avc(try AVCConfiguration(try children.requiredChild("avcC")))
        case "hvc1", "hev1", "dvh1", "dvhe":
            .hevc(try HEVCConfiguration(try children.requiredChild("hvcC")))
        case "av01":
            .av1(try AV1Configuration(try children.requiredChild("av1C")))
        case "vp09":
            .vp9(try VP9Configuration(try children.requiredChild("vpcC")))
        default:
            .other(format)
        }
    }
}
