/// Why a path under `/videos/` is no address.
package enum MediaAddressError: Error, Hashable, Sendable {
    /// It has a form that no address has: 400.
    case malformed
    /// Its form is an address's, and nothing can be there: 404.
    case unknown
}

/// Bounds of what an address may hold.
package enum AddressLimits {
    package static let videoIDLength = 128
    package static let trackNameLength = 128
    /// Digits of a segment or group number.
    package static let numberLength = 9
    /// Digits of a clip's seconds, before and after the point.
    package static let clipDigits = 9
    package static let clipDecimals = 6
}

extension MediaAddress {
    /// Reads a path, raw as it stands in the request line and without the query.
    ///
    /// No address needs percent-encoding, so a `%` is malformed, and with it every encoded `..`.
    package init(path: some StringProtocol) throws(MediaAddressError) {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].isEmpty, parts[1].elementsEqual("videos".utf8) else {
            throw .malformed
        }
        let names = parts.dropFirst(2).map { String(decoding: $0, as: UTF8.self) }
        guard names.allSatisfy(Self.isName), names[0].utf8.count <= AddressLimits.videoIDLength
        else {
            throw .malformed
        }
        switch names.count {
        case 2:
            guard let quality = Self.stem(names[1], ".mp4") else { throw .unknown }
            self.init(videoID: names[0], resource: .progressive(quality: quality))
        case 3:
            self.init(videoID: names[0], resource: try Self.entryPoint(names[1], names[2]))
        case 4:
            guard let version = AssetVersion(text: names[1]), let item = Item(fileName: names[3]),
                names[2].utf8.count <= AddressLimits.trackNameLength
            else {
                throw .unknown
            }
            self.init(videoID: names[0], resource: .versioned(version, track: names[2], item))
        default:
            throw .unknown
        }
    }

    /// Whether a path segment or a video's id is one that can stand in an address:
    /// `[A-Za-z0-9._-]+`, not starting with a dot.
    package static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, first != UInt8(ascii: ".") else { return false }
        return name.utf8.allSatisfy { character in
            switch character {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default:
                false
            }
        }
    }

    private static func entryPoint(
        _ folder: String,
        _ file: String
    ) throws(MediaAddressError) -> Resource {
        switch (folder, file) {
        case ("hls", "master.m3u8"): .masterPlaylist(.cmaf)
        case ("hls-ts", "master.m3u8"): .masterPlaylist(.transportStream)
        case ("dash", "manifest.mpd"): .dashManifest
        default: throw .unknown
        }
    }

    fileprivate static func stem(_ name: String, _ suffix: String) -> String? {
        guard name.hasSuffix(suffix), name.utf8.count > suffix.utf8.count else { return nil }
        return String(name.dropLast(suffix.count))
    }
}

extension MediaAddress.Item {
    /// Reads a file name; nil where no item has it.
    package init?(fileName name: String) {
        switch name {
        case "media.m3u8": self = .mediaPlaylist(.cmaf)
        case "media-ts.m3u8": self = .mediaPlaylist(.transportStream)
        case "iframes.m3u8": self = .iFramePlaylist
        case "all.vtt": self = .subtitles
        default:
            if let stem = MediaAddress.stem(name, ".m4s") {
                if stem.hasPrefix("i"), let group = MediaAddress.number(stem.dropFirst()) {
                    self = .iFrame(group: group)
                } else if let reference = MediaAddress.SegmentReference(text: stem) {
                    self = .segment(reference)
                } else {
                    return nil
                }
            } else if let stem = MediaAddress.stem(name, ".ts"),
                let reference = MediaAddress.SegmentReference(text: stem)
            {
                self = .transportStreamSegment(reference)
            } else if let stem = MediaAddress.stem(name, "-ts.vtt"),
                let reference = MediaAddress.SegmentReference(text: stem)
            {
                self = .subtitleSegment(reference, .transportStream)
            } else if let stem = MediaAddress.stem(name, ".vtt"),
                let reference = MediaAddress.SegmentReference(text: stem)
            {
                self = .subtitleSegment(reference, .cmaf)
            } else if name.hasPrefix("init-"),
                let stem = MediaAddress.stem(String(name.dropFirst(5)), ".mp4"),
                let number = MediaAddress.number(stem), number >= 1
            {
                self = .initSegment(descriptionIndex: number - 1)
            } else {
                return nil
            }
        }
    }
}

extension MediaAddress.SegmentReference {
    fileprivate init?(text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        switch parts.count {
        case 1:
            guard let number = MediaAddress.number(parts[0]), number >= 1 else { return nil }
            self = .number(number)
        case 2:
            guard let first = MediaAddress.number(parts[0]),
                let end = MediaAddress.number(parts[1]), first < end
            else {
                return nil
            }
            self = .groups(first..<end)
        default:
            return nil
        }
    }

    /// The stem of the segment's file name.
    package var text: String {
        switch self {
        case .number(let number): String(number)
        case .groups(let groups): "\(groups.lowerBound)-\(groups.upperBound)"
        }
    }
}

extension MediaAddress {
    /// A number as addresses write it: digits only, no leading zero, so that one thing has one address.
    fileprivate static func number(_ text: some StringProtocol) -> Int? {
        let digits = text.utf8
        guard !digits.isEmpty, digits.count <= AddressLimits.numberLength,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else {
            return nil
        }
        return Int(text)
    }
}

extension AssetVersion {
    /// Sixteen lower-case hexadecimal digits, as addresses write it.
    package var text: String {
        let digits = String(rawValue, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    package init?(text: String) {
        guard text.utf8.count == 16, text == text.lowercased(), text.first != "+",
            let value = UInt64(text, radix: 16)
        else {
            return nil
        }
        self.init(rawValue: value)
    }
}
