import Foundation
import Packaging

/// The id of a video: the name of its folder and a part of its addresses.
package enum VideoIdentifier {
    /// An id from a file's name: its letters in ASCII, everything else as hyphens.
    ///
    /// `Über alles.mkv` becomes `Uber-alles`.
    package static func suggested(forPath path: String) -> String {
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        let latin = name.applyingTransform(.toLatin, reverse: false) ?? name
        let plain = latin.folding(options: .diacriticInsensitive, locale: nil)
        var id = ""
        for byte in plain.utf8 {
            let character = Character(UnicodeScalar(byte))
            if MediaAddress.isName("x\(character)") {
                id.append(character)
            } else if id.last != "-" {
                id.append("-")
            }
        }
        let trimmed = id.trimmingCharacters(in: CharacterSet(charactersIn: "-."))
        let bounded = String(trimmed.prefix(AddressLimits.videoIDLength))
        return bounded.isEmpty ? "video" : bounded
    }

    package static func check(_ id: String) throws(TranscodingError) {
        guard MediaAddress.isName(id), id.utf8.count <= AddressLimits.videoIDLength else {
            throw .invalidID(id)
        }
    }
}
