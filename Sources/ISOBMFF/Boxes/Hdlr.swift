/// Handler: what a track carries.
///
/// ISO/IEC 14496-12 §8.4.3
struct Hdlr {
    let handlerType: FourCC
    /// Printable characters only.
    let name: String

    init(_ box: BoxReader, limits: ISOBMFFLimits) throws(ISOBMFFError) {
        var box = box
        _ = try box.readVersionAndFlags()
        try box.skip(4)  // pre_defined; QuickTime's component type
        self.handlerType = try box.readFourCC()
        try box.skip(min(12, box.remaining))
        var bytes = try box.readBytes(min(box.remaining, limits.textBytes))[...]
        // QuickTime counts the characters in front where ISO ends them with a zero.
        if let first = bytes.first, Int(first) == bytes.count - 1 {
            bytes = bytes.dropFirst()
        }
        let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        self.name = String(
            text.unicodeScalars.filter { $0.properties.generalCategory != .control }
        )
    }

    var kind: Track.Kind {
        switch handlerType {
        case "vide": .video
        case "soun": .audio
        case "text", "subt", "sbtl", "clcp": .text
        default: .other(handlerType)
        }
    }
}
