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

// Every media request is parsed here: one pass over the bytes, text only for the two names kept.

extension MediaAddress {
    /// Reads a path, raw as it stands in the request line and without the query.
    ///
    /// No address needs percent-encoding, so a `%` is malformed, and with it every encoded `..`.
    package init(path: String) throws(MediaAddressError) {
        let bytes = Array(path.utf8)
        let names = try Self.names(bytes)
        guard names[0].count <= AddressLimits.videoIDLength else { throw .malformed }
        let resource: Resource
        switch names.count {
        case 2:
            guard let quality = Self.stem(bytes[names[1]], ".mp4") else { throw .unknown }
            resource = .progressive(quality: Self.text(quality))
        case 3:
            resource = try Self.entryPoint(bytes[names[1].lowerBound...])
        case 4:
            guard let version = AssetVersion(digits: bytes[names[1]]),
                let item = Item(fileName: bytes[names[3]]),
                names[2].count <= AddressLimits.trackNameLength
            else {
                throw .unknown
            }
            resource = .versioned(version, track: Self.text(bytes[names[2]]), item)
        default:
            throw .unknown
        }
        self.init(videoID: Self.text(bytes[names[0]]), resource: resource)
    }

    /// Whether a path segment or a video's id is one that can stand in an address:
    /// `[A-Za-z0-9._-]+`, not starting with a dot.
    package static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, first != UInt8(ascii: ".") else { return false }
        return name.utf8.allSatisfy(isNameCharacter)
    }

    private static func isNameCharacter(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default:
            false
        }
    }

    /// Where the names behind `/videos/` stand: at least two, each one that `isName` takes.
    private static func names(_ bytes: [UInt8]) throws(MediaAddressError) -> [Range<Int>] {
        guard bytes.starts(with: prefix) else { throw .malformed }
        var names: [Range<Int>] = []
        names.reserveCapacity(4)
        var start = prefix.count
        for index in prefix.count...bytes.count {
            if index < bytes.count, bytes[index] != UInt8(ascii: "/") {
                guard isNameCharacter(bytes[index]) else { throw .malformed }
                continue
            }
            guard index > start, bytes[start] != UInt8(ascii: ".") else { throw .malformed }
            names.append(start..<index)
            start = index + 1
        }
        guard names.count >= 2 else { throw .malformed }
        return names
    }

    private static let prefix = Array("/videos/".utf8)

    private static func entryPoint(
        _ path: ArraySlice<UInt8>
    ) throws(MediaAddressError) -> Resource {
        switch text(path) {
        case "hls/master.m3u8": .masterPlaylist(.cmaf)
        case "hls-ts/master.m3u8": .masterPlaylist(.transportStream)
        case "dash/manifest.mpd": .dashManifest
        default: throw .unknown
        }
    }

    fileprivate static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// What stands before a suffix; nil where the name has another, or nothing before it.
    fileprivate static func stem(
        _ name: ArraySlice<UInt8>,
        _ suffix: String
    ) -> ArraySlice<UInt8>? {
        let count = suffix.utf8.count
        guard name.count > count, name.suffix(count).elementsEqual(suffix.utf8) else { return nil }
        return name.dropLast(count)
    }
}

extension MediaAddress.Item {
    /// Reads a file name; nil where no item has it.
    package init?(fileName name: String) {
        self.init(fileName: Array(name.utf8)[...])
    }

    fileprivate init?(fileName name: ArraySlice<UInt8>) {
        if let stem = MediaAddress.stem(name, ".m4s") {
            self.init(fragment: stem)
        } else if let stem = MediaAddress.stem(name, ".ts") {
            guard let reference = MediaAddress.SegmentReference(stem) else { return nil }
            self = .transportStreamSegment(reference)
        } else if let stem = MediaAddress.stem(name, ".vtt") {
            self.init(subtitles: stem)
        } else if let stem = MediaAddress.stem(name, ".mp4") {
            guard stem.starts(with: Self.initPrefix),
                let number = MediaAddress.number(stem.dropFirst(Self.initPrefix.count)),
                number >= 1
            else {
                return nil
            }
            self = .initSegment(descriptionIndex: number - 1)
        } else {
            switch MediaAddress.text(name) {
            case "media.m3u8": self = .mediaPlaylist(.cmaf)
            case "media-ts.m3u8": self = .mediaPlaylist(.transportStream)
            case "iframes.m3u8": self = .iFramePlaylist
            default: return nil
            }
        }
    }

    private static let initPrefix = Array("init-".utf8)

    private init?(fragment stem: ArraySlice<UInt8>) {
        if stem.first == UInt8(ascii: "i") {
            guard let group = MediaAddress.number(stem.dropFirst()) else { return nil }
            self = .iFrame(group: group)
        } else {
            guard let reference = MediaAddress.SegmentReference(stem) else { return nil }
            self = .segment(reference)
        }
    }

    private init?(subtitles stem: ArraySlice<UInt8>) {
        if stem.elementsEqual("all".utf8) {
            self = .subtitles
        } else if let stem = MediaAddress.stem(stem, "-ts") {
            guard let reference = MediaAddress.SegmentReference(stem) else { return nil }
            self = .subtitleSegment(reference, .transportStream)
        } else {
            guard let reference = MediaAddress.SegmentReference(stem) else { return nil }
            self = .subtitleSegment(reference, .cmaf)
        }
    }
}

extension MediaAddress.SegmentReference {
    fileprivate init?(_ text: ArraySlice<UInt8>) {
        guard let dash = text.firstIndex(of: UInt8(ascii: "-")) else {
            guard let number = MediaAddress.number(text), number >= 1 else { return nil }
            self = .number(number)
            return
        }
        guard let first = MediaAddress.number(text[..<dash]),
            let end = MediaAddress.number(text[(dash + 1)...]), first < end
        else {
            return nil
        }
        self = .groups(first..<end)
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
    fileprivate static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard let first = digits.first, digits.count <= AddressLimits.numberLength,
            digits.count == 1 || first != UInt8(ascii: "0")
        else {
            return nil
        }
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }
}

extension AssetVersion {
    /// Sixteen lower-case hexadecimal digits, as addresses write it.
    package var text: String {
        let digits = String(rawValue, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    package init?(text: String) {
        self.init(digits: Array(text.utf8)[...])
    }

    fileprivate init?(digits: ArraySlice<UInt8>) {
        guard digits.count == 16 else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default:
                return nil
            }
        }
        self.init(rawValue: value)
    }
}
