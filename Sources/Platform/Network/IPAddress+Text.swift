extension IPAddress {
    /// Reads `192.0.2.1` or `2001:db8::1`: no port, no brackets, no zone, no leading zeros in IPv4.
    ///
    /// RFC 4291 §2.2, RFC 6943 §3.1.1
    package init?(_ text: some StringProtocol) {
        let text = Substring(text)
        if text.utf8.contains(UInt8(ascii: ":")) {
            self.init(ipv6: text)
        } else {
            guard let bits = Self.ipv4(text) else { return nil }
            self.init(ipv4: bits)
        }
    }

    private static func ipv4(_ text: Substring) -> UInt32? {
        var bits: UInt32 = 0
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        for part in parts {
            guard let byte = decimalByte(part) else { return nil }
            bits = bits << 8 | UInt32(byte)
        }
        return bits
    }

    /// A leading zero is octal to some readers, and so refused.
    private static func decimalByte(_ digits: Substring.UTF8View) -> UInt8? {
        guard (1...3).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        var value: UInt16 = 0
        for digit in digits {
            guard digit &- UInt8(ascii: "0") < 10 else { return nil }
            value = value * 10 + UInt16(digit - UInt8(ascii: "0"))
        }
        return UInt8(exactly: value)
    }

    private init?(ipv6 text: Substring) {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2,
            let head = Self.groups(halves[0], mayEndInIPv4: halves.count == 1)
        else { return nil }
        guard halves.count == 2 else {
            guard head.count == 8 else { return nil }
            self.init(groups: head)
            return
        }
        // `::` stands for at least one group.
        guard let tail = Self.groups(halves[1], mayEndInIPv4: true),
            head.count + tail.count < 8
        else { return nil }
        let zeros = [UInt16](repeating: 0, count: 8 - head.count - tail.count)
        self.init(groups: head + zeros + tail)
    }

    private init(groups: [UInt16]) {
        func word(_ groups: ArraySlice<UInt16>) -> UInt64 {
            groups.reduce(0) { $0 << 16 | UInt64($1) }
        }
        self.init(high: word(groups[..<4]), low: word(groups[4...]))
    }

    /// The groups on one side of `::`; the text's last may be an IPv4 address, which is two.
    private static func groups(_ text: Substring, mayEndInIPv4: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
                guard let bits = ipv4(part) else { return nil }
                groups.append(UInt16(truncatingIfNeeded: bits >> 16))
                groups.append(UInt16(truncatingIfNeeded: bits))
                continue
            }
            // A sign would pass the conversion.
            guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups.count <= 8 ? groups : nil
    }
}

extension IPAddress: CustomStringConvertible {
    /// As RFC 5952 §4 has it: lower case, and the longest run of zeros left out.
    package var description: String {
        if isIPv4 {
            let shifts: [UInt64] = [24, 16, 8, 0]
            return shifts.map { String(low >> $0 & 0xFF) }.joined(separator: ".")
        }
        let shifts: [UInt64] = [48, 32, 16, 0]
        let groups = shifts.map { high >> $0 & 0xFFFF } + shifts.map { low >> $0 & 0xFFFF }
        func text(_ groups: ArraySlice<UInt64>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard let zeros = Self.longestZeros(groups) else { return text(groups[...]) }
        return text(groups[..<zeros.lowerBound]) + "::" + text(groups[zeros.upperBound...])
    }

    /// The first of the longest runs of two zeros and more.
    private static func longestZeros(_ groups: [UInt64]) -> Range<Int>? {
        var longest: Range<Int>?
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > max(1, longest?.count ?? 0) { longest = start..<index }
            start = index + 1
        }
        return longest
    }
}
