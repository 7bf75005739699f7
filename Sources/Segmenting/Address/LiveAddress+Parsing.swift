/// Why a path under `/live/` is no address.
package enum LiveAddressError: Error, Hashable, Sendable {
    /// It has a form that no address has: 400.
    case malformed
    /// Its form is an address's, and nothing can be there: 404.
    case unknown
}

/// Bounds of what an address may hold.
package enum LiveAddressLimits {
    package static let pathLength = 512
    package static let streamIDLength = 128
    package static let tokenLengths = 16...64
    /// Digits of a segment number: all of them fit 64 bits.
    package static let segmentDigits = 18
    /// Digits of the numbers of parts and init segments.
    package static let numberDigits = 6
    /// Names behind `/live/`; a path is not read beyond one more.
    package static let depth = 4
}

// Every request for a part is parsed here: one pass over the bytes, text only for what is kept.

extension LiveAddress {
    /// Reads a path, raw as it stands in the request line and without the query.
    ///
    /// No address needs percent-encoding, so a `%` is malformed, and with it every encoded `..`.
    package init(path: String) throws(LiveAddressError) {
        guard path.utf8.count <= LiveAddressLimits.pathLength else { throw .malformed }
        let bytes = Array(path.utf8)
        let names = try Self.names(bytes)
        let streamID = Self.text(bytes[names[0]])
        guard Self.isStreamID(streamID) else { throw .malformed }
        let resource: Resource?
        switch names.count {
        case 2:
            resource = Self.file(bytes[names[1]])
        case 3 where bytes[names[1]].elementsEqual("dvr".utf8):
            resource = Self.playlist(bytes[names[2]], .rewind)
        case 4:
            resource = Self.media(
                token: bytes[names[1]],
                track: bytes[names[2]],
                file: bytes[names[3]]
            )
        default:
            resource = nil
        }
        guard let resource else { throw .unknown }
        self.init(streamID: streamID, resource: resource)
    }

    /// Whether a text can name a stream in addresses: `[A-Za-z0-9_-]+`, at most 128 bytes.
    package static func isStreamID(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= LiveAddressLimits.streamIDLength
            && text.utf8.allSatisfy(isTokenCharacter)
    }

    /// Whether a text can be a publish's token: `[A-Za-z0-9_-]{16,64}`.
    package static func isToken(_ text: String) -> Bool {
        LiveAddressLimits.tokenLengths.contains(text.utf8.count)
            && text.utf8.allSatisfy(isTokenCharacter)
    }

    private static func isTokenCharacter(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default:
            false
        }
    }

    /// Where the names behind `/live/` stand: at least one, each of `[A-Za-z0-9._-]+` and not
    /// starting with a dot.
    private static func names(_ bytes: [UInt8]) throws(LiveAddressError) -> [Range<Int>] {
        guard bytes.starts(with: prefix) else { throw .malformed }
        var names: [Range<Int>] = []
        names.reserveCapacity(LiveAddressLimits.depth)
        var start = prefix.count
        for index in prefix.count...bytes.count {
            if index < bytes.count, bytes[index] != UInt8(ascii: "/") {
                let isDot = bytes[index] == UInt8(ascii: ".") && index > start
                guard isDot || isTokenCharacter(bytes[index]) else { throw .malformed }
                continue
            }
            guard index > start else { throw .malformed }
            guard names.count < LiveAddressLimits.depth else { throw .unknown }
            names.append(start..<index)
            start = index + 1
        }
        return names
    }

    private static let prefix = Array("/live/".utf8)
}

// Each of these gives nil for what nothing is named.
extension LiveAddress {
    private static func file(_ name: ArraySlice<UInt8>) -> Resource? {
        switch text(name) {
        case "manifest.mpd": .dashManifest
        case "time": .time
        case "status": .status
        case "thumbnail.jpg": .thumbnail
        default: playlist(name, .live)
        }
    }

    private static func playlist(_ name: ArraySlice<UInt8>, _ scope: Scope) -> Resource? {
        guard let stem = stem(name, ".m3u8") else { return nil }
        if stem.elementsEqual("master".utf8) { return .masterPlaylist(scope) }
        return LiveTrackID(name: stem).map { .mediaPlaylist(scope, $0) }
    }

    private static func media(
        token: ArraySlice<UInt8>,
        track: ArraySlice<UInt8>,
        file: ArraySlice<UInt8>
    ) -> Resource? {
        let token = text(token)
        guard isToken(token), let track = LiveTrackID(name: track) else { return nil }
        if let stem = stem(file, ".mp4") {
            guard stem.starts(with: initPrefix),
                let number = number(
                    stem.dropFirst(initPrefix.count),
                    digits: LiveAddressLimits.numberDigits
                ), number >= 1
            else {
                return nil
            }
            return .initialization(token: token, track, number: Int(number))
        }
        guard let stem = stem(file, ".m4s") else { return nil }
        let dot = stem.firstIndex(of: UInt8(ascii: ".")) ?? stem.endIndex
        guard let segment = number(stem[..<dot], digits: LiveAddressLimits.segmentDigits) else {
            return nil
        }
        if dot == stem.endIndex { return .segment(token: token, track, number: segment) }
        let index = number(stem[(dot + 1)...], digits: LiveAddressLimits.numberDigits)
        return index.map { .part(token: token, track, segment: segment, index: Int($0)) }
    }

    private static let initPrefix = Array("init-".utf8)

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// What stands before a suffix; nil where the name has another, or nothing before it.
    private static func stem(_ name: ArraySlice<UInt8>, _ suffix: String) -> ArraySlice<UInt8>? {
        let count = suffix.utf8.count
        guard name.count > count, name.suffix(count).elementsEqual(suffix.utf8) else { return nil }
        return name.dropLast(count)
    }

    /// A number as addresses write it: digits only, no leading zero, so that one thing has one
    /// address.
    fileprivate static func number(_ text: ArraySlice<UInt8>, digits limit: Int) -> UInt64? {
        guard let first = text.first, text.count <= limit,
            text.count == 1 || first != UInt8(ascii: "0")
        else {
            return nil
        }
        var value: UInt64 = 0
        for digit in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + UInt64(digit - UInt8(ascii: "0"))
        }
        return value
    }
}

extension LiveTrackID {
    /// Reads what `name` writes: `v0`, `a12`.
    fileprivate init?(name: ArraySlice<UInt8>) {
        let kind: Kind
        switch name.first {
        case UInt8(ascii: "v"): kind = .video
        case UInt8(ascii: "a"): kind = .audio
        default: return nil
        }
        guard let number = LiveAddress.number(name.dropFirst(), digits: 3),
            let index = UInt8(exactly: number)
        else {
            return nil
        }
        self.init(kind, index)
    }
}
