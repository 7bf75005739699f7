/// Reading: total functions over bytes from anybody.
extension CMCDData {
    /// A field's value, or a parameter's after percent-decoding; adds to what is there.
    ///
    /// Never fails: what is no CMCD is counted in `faultCount`.
    package mutating func read(_ text: String) {
        read(Array(text.utf8.prefix(CMCDLimits.sizeBytes + 1)))
    }

    mutating func read(_ bytes: [UInt8]) {
        guard bytes.count <= CMCDLimits.sizeBytes else { return faultCount += 1 }
        var index = 0
        var keyCount = 0
        while index < bytes.count {
            keyCount += 1
            guard keyCount <= CMCDLimits.keyCount, let item = CMCDItem.read(bytes, &index) else {
                faultCount += 1
                if keyCount > CMCDLimits.keyCount { return }
                continue
            }
            if !take(item, bytes) { faultCount += 1 }
        }
    }

    /// False where the value is none of its key's; keys that nobody here knows are fine.
    private mutating func take(_ item: CMCDItem, _ bytes: [UInt8]) -> Bool {
        switch item.name(bytes) {
        case .br: Self.set(&encodedBitrateKbps, item.integer(bytes))
        case .tb: Self.set(&topBitrateKbps, item.integer(bytes))
        case .bl: Self.set(&bufferLengthMilliseconds, item.integer(bytes))
        case .d: Self.set(&objectDurationMilliseconds, item.integer(bytes))
        case .dl: Self.set(&deadlineMilliseconds, item.integer(bytes))
        case .mtp: Self.set(&measuredThroughputKbps, item.integer(bytes))
        case .rtp: Self.set(&requestedThroughputKbps, item.integer(bytes))
        case .pr: Self.set(&playbackRateHundredths, item.hundredths(bytes))
        case .bs: Self.set(&isBufferStarved, item.boolean(bytes))
        case .su: Self.set(&isStartup, item.boolean(bytes))
        case .v: Self.set(&version, item.integer(bytes))
        case .ot: Self.set(&objectType, item.word(bytes).flatMap(ObjectType.init))
        case .sf: Self.set(&streamingFormat, item.word(bytes).flatMap(StreamingFormat.init))
        case .st: Self.set(&streamType, item.word(bytes).flatMap(StreamType.init))
        case .sid: Self.set(&sessionHash, item.hash(bytes))
        case .cid: Self.set(&contentHash, item.hash(bytes))
        case .nor: Self.set(&nextObject, item.address(bytes))
        case .nrr: Self.set(&nextRange, item.string(bytes))
        case nil: true
        }
    }

    private static func set<Value>(_ place: inout Value?, _ value: Value?) -> Bool {
        guard let value else { return false }
        place = value
        return true
    }

    private static func set<Value>(_ place: inout Value, _ value: Value?) -> Bool {
        guard let value else { return false }
        place = value
        return true
    }
}

extension CMCDItem {
    /// The keys that are read.
    ///
    /// A short key is found as a number: comparing texts took longer than all else.
    fileprivate enum Name {
        case br, tb, bl, d, dl, mtp, rtp, pr, bs, su, v, ot, sf, st, sid, cid, nor, nrr
    }

    fileprivate func name(_ bytes: [UInt8]) -> Name? {
        guard key.count <= 3 else { return nil }
        var code: UInt32 = 0
        for index in key { code = code << 8 | UInt32(bytes[index]) }
        return switch code {
        case 0x6272: .br
        case 0x7462: .tb
        case 0x626C: .bl
        case 0x64: .d
        case 0x646C: .dl
        case 0x6D7470: .mtp
        case 0x727470: .rtp
        case 0x7072: .pr
        case 0x6273: .bs
        case 0x7375: .su
        case 0x76: .v
        case 0x6F74: .ot
        case 0x7366: .sf
        case 0x7374: .st
        case 0x736964: .sid
        case 0x636964: .cid
        case 0x6E6F72: .nor
        case 0x6E7272: .nrr
        default: nil
        }
    }

    /// A whole number; a fraction, which some players send, is cut off.
    fileprivate func integer(_ bytes: [UInt8]) -> UInt64? { hundredths(bytes).map { $0 / 100 } }

    /// A decimal number times 100; of its fraction two digits count.
    fileprivate func hundredths(_ bytes: [UInt8]) -> UInt64? {
        guard kind == .bare else { return nil }
        var number: UInt64 = 0
        var index = value.lowerBound
        while index < value.upperBound, bytes[index] != UInt8(ascii: ".") {
            guard let digit = Self.digit(bytes[index]), index - value.lowerBound < Self.mostDigits
            else { return nil }
            number = number * 10 + digit
            index += 1
        }
        guard index > value.lowerBound else { return nil }
        for place in 1...2 {
            let isThere = index + place < value.upperBound
            number = number * 10 + (isThere ? Self.digit(bytes[index + place]) ?? 0 : 0)
        }
        while index + 1 < value.upperBound {
            index += 1
            guard Self.digit(bytes[index]) != nil else { return nil }
        }
        return number
    }

    private static let mostDigits = CMCDLimits.digitCount

    /// True by its name alone, or as RFC 8941 §3.3.6 writes it.
    fileprivate func boolean(_ bytes: [UInt8]) -> Bool? {
        if kind == .present { return true }
        return switch word(bytes) {
        case "?1", "true": true
        case "?0", "false": false
        default: nil
        }
    }

    /// A token; some players quote it.
    fileprivate func word(_ bytes: [UInt8]) -> String? {
        kind == .present ? nil : String(decoding: bytes[value], as: UTF8.self)
    }

    /// A string without its escapes.
    fileprivate func string(_ bytes: [UInt8]) -> String? {
        guard kind == .quoted else { return nil }
        guard bytes[value].contains(UInt8(ascii: "\\")) else {
            return String(validating: bytes[value], as: UTF8.self)
        }
        var result: [UInt8] = []
        var rest = bytes[value]
        while let byte = rest.popFirst() {
            result.append(byte == UInt8(ascii: "\\") ? rest.popFirst() ?? byte : byte)
        }
        return String(validating: result, as: UTF8.self)
    }

    /// Of a string or a token: some players forget the quotes.
    fileprivate func hash(_ bytes: [UInt8]) -> Int? {
        guard kind != .present, !value.isEmpty else { return nil }
        var hasher = Hasher()
        // Eight bytes at once: one call of the hasher for each byte took a third of all reading.
        var word: UInt64 = 0
        for (count, index) in value.enumerated() {
            word = word << 8 | UInt64(bytes[index])
            if count & 7 == 7 { hasher.combine(word) }
        }
        hasher.combine(word)
        hasher.combine(value.count)
        return hasher.finalize()
    }

    /// A percent-encoded address within its string.
    fileprivate func address(_ bytes: [UInt8]) -> String? {
        guard let string = string(bytes), !string.isEmpty else { return nil }
        return CMCDParameter.percentDecoded(string.utf8.span, 0..<string.utf8.count)
            .flatMap { String(validating: $0, as: UTF8.self) }
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        byte &- UInt8(ascii: "0") < 10 ? UInt64(byte - UInt8(ascii: "0")) : nil
    }
}
