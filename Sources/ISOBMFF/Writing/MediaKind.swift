/// What a written track carries; decides its handler, its volume and its media header.
package enum MediaKind: Hashable, Sendable {
    case video
    case audio
    case text

    var handlerType: FourCC {
        switch self {
        case .video: "vide"
        case .audio: "soun"
        case .text: "text"
        }
    }
}
