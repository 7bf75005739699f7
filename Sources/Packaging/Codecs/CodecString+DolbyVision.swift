package import ISOBMFF

extension DolbyVisionConfiguration {
    /// `dvh1.05.06`: profile and level.
    ///
    /// Dolby Vision Streams within the HTTP Live Streaming Format §2.2
    func writeCodecString(format: FourCC, to writer: inout TextWriter) {
        writer.append(format.description)
        writer.append("." as Unicode.Scalar)
        writer.append(UInt(profile), digits: 2)
        writer.append("." as Unicode.Scalar)
        writer.append(UInt(level), digits: 2)
    }
}

extension SampleEntry {
    /// `dvh1.08.04/db4h`: what a Dolby Vision display makes of a stream that others play as well;
    /// nil where there is nothing beyond `codecString`.
    ///
    /// RFC 8216bis §4.4.6.2, SUPPLEMENTAL-CODECS
    package var supplementalCodecString: String? {
        guard let dolbyVision = video?.dolbyVision else { return nil }
        let format: FourCC
        switch (codec, dolbyVision.profile) {
        case (.hevc, 8) where self.format == "hvc1" || self.format == "hev1": format = "dvh1"
        case (.av1, 10): format = "dav1"
        default: return nil
        }
        let brand: String
        switch dolbyVision.compatibilityId {
        case 1: brand = "/db1p"
        case 2: brand = "/db2g"
        case 4: brand = "/db4h"
        default: return nil
        }
        var writer = TextWriter(capacity: 16)
        dolbyVision.writeCodecString(format: format, to: &writer)
        writer.append(brand)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
