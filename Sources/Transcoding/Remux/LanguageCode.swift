import Foundation

/// A stream's language, as file names and as `mdhd` want it.
///
/// BCP 47 (RFC 5646 §2.2.1) takes the shortest ISO 639 code; containers carry ISO 639-2, Matroska
/// its bibliographic variant.
package struct LanguageCode: Hashable {
    /// BCP 47 primary language: `en`, `haw`, `und` where unknown.
    package let tag: String
    /// ISO 639-2 terminology code: `eng`, `haw`, `und` where unknown.
    package let iso639: String

    package init(_ container: String?) {
        let primary = (container ?? "").split { $0 == "-" || $0 == "_" }.first?.lowercased() ?? ""
        let isCode =
            (2...3).contains(primary.utf8.count)
            && primary.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        guard isCode, primary != "und", primary != "mis" else {
            (tag, iso639) = ("und", "und")
            return
        }
        let code = Locale.LanguageCode(Self.terminology[primary] ?? primary)
        tag = code.identifier(.alpha2) ?? code.identifier
        iso639 = code.identifier(.alpha3) ?? (primary.utf8.count == 3 ? primary : "und")
    }

    /// ISO 639-2/B codes that differ from 639-2/T.
    private static let terminology = [
        "alb": "sqi", "arm": "hye", "baq": "eus", "bur": "mya", "chi": "zho", "cze": "ces",
        "dut": "nld", "fre": "fra", "geo": "kat", "ger": "deu", "gre": "ell", "ice": "isl",
        "mac": "mkd", "mao": "mri", "may": "msa", "per": "fas", "rum": "ron", "slo": "slk",
        "tib": "bod", "wel": "cym",
    ]
}
