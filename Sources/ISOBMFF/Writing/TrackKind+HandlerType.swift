extension Track.Kind {
    /// What `hdlr` says of a track of this kind. ISO/IEC 14496-12 §8.4.3.3
    var handlerType: FourCC {
        switch self {
        case .video: "vide"
        case .audio: "soun"
        case .text: "text"
        case .other(let code): code
        }
    }
}
