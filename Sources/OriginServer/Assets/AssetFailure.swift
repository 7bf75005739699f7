import ISOBMFF
import Packaging

/// Why a video cannot be served; its text goes to the viewer's player and to `/status`.
package enum AssetFailure: Error, Hashable, Sendable {
    /// There is no such video: 404.
    case unknown
    /// A source file is broken: 502 that says which and what is wrong.
    case broken(file: String, reason: String)
    /// The disk or the machine fails: 503, which may pass.
    case unavailable(reason: String)
}

extension AssetFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknown: "there is no such video"
        case .broken(let file, let reason): "in \(file), \(reason)"
        case .unavailable(let reason): reason
        }
    }
}
