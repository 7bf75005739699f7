extension WebVTTDocument {
    /// Reads a WebVTT file as players do: what cannot be read is skipped, cue by cue.
    ///
    /// Comments and text in the header are left out, `STYLE` and `REGION` are kept where they stand
    /// before the first cue. Cues come out in order of their start, equal ones in file order; those
    /// that end before they start are never shown and left out.
    ///
    /// - Throws: `PackagingError.invalidSubtitles` where the file does not start with `WEBVTT`,
    ///   `.limitExceeded` where it is beyond one of `WebVTTLimits`.
    ///
    /// W3C WebVTT §6.1
    package init(parsing file: [UInt8]) throws(PackagingError) {
        guard file.count <= WebVTTLimits.documentBytes else {
            throw .limitExceeded("WebVTTLimits.documentBytes")
        }
        var parser = WebVTTParser(lines: WebVTTLines(file))
        try parser.readHeader()
        while try parser.readBlock() {}
        self.init(preamble: parser.preamble, cues: Self.inOrder(parser.cues))
    }

    /// Cues by their start, those that start together as they stand.
    static func inOrder(_ cues: [Cue]) -> [Cue] {
        let isOrdered = zip(cues, cues.dropFirst()).allSatisfy {
            $0.startMilliseconds <= $1.startMilliseconds
        }
        if isOrdered { return cues }
        return cues.enumerated().sorted {
            ($0.element.startMilliseconds, $0.offset) < ($1.element.startMilliseconds, $1.offset)
        }.map(\.element)
    }
}

/// Reads block by block; a block ends at a blank line, or at a line that must be the next one's.
private struct WebVTTParser {
    var lines: WebVTTLines
    var preamble: [String] = []
    var cues: [WebVTTDocument.Cue] = []
    private var preambleSizeBytes = 0

    init(lines: WebVTTLines) {
        self.lines = lines
    }

    mutating func readHeader() throws(PackagingError) {
        guard let signature = try lines.next(), signature.starts(with: "WEBVTT".utf8),
            signature.dropFirst(6).first.map(WebVTTTimings.isBlank) ?? true
        else {
            throw .invalidSubtitles(line: 1)
        }
        while let line = try lines.next(), !line.isEmpty {
            if line.containsArrow {
                lines.putBack()
                return
            }
        }
    }

    /// Reads one block; false at the end of the file.
    mutating func readBlock() throws(PackagingError) -> Bool {
        var text: [UInt8] = []
        var identifier = ""
        var timings: WebVTTTimings?
        var lineCount = 0
        var hasArrow = false
        while let line = try lines.next(), !line.isEmpty {
            lineCount += 1
            if line.containsArrow {
                guard lineCount == 1 || (lineCount == 2 && !hasArrow) else {
                    lines.putBack()
                    break
                }
                hasArrow = true
                timings = WebVTTTimings(line)
                identifier = String(decoding: text, as: UTF8.self)
                text = []
            } else {
                if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
                text += line
            }
        }
        if let timings {
            try add(timings, identifier: identifier, payload: text)
        } else if !hasArrow, lineCount > 1 {
            try addPreamble(text)
        }
        return lineCount > 0 || !lines.isAtEnd
    }

    private mutating func add(
        _ timings: WebVTTTimings,
        identifier: String,
        payload: [UInt8]
    ) throws(PackagingError) {
        guard cues.count < WebVTTLimits.cues else { throw .limitExceeded("WebVTTLimits.cues") }
        cues.append(
            WebVTTDocument.Cue(
                identifier: identifier,
                startMilliseconds: timings.startMilliseconds,
                endMilliseconds: timings.endMilliseconds,
                settings: timings.settings,
                payload: String(decoding: payload, as: UTF8.self)
            )
        )
    }

    /// Keeps a block that has no timings where it is a style sheet or a region before all cues.
    private mutating func addPreamble(_ text: [UInt8]) throws(PackagingError) {
        let title = text.prefix { $0 != UInt8(ascii: "\n") }
        guard cues.isEmpty, title.isTitle("STYLE") || title.isTitle("REGION") else { return }
        preambleSizeBytes += text.count
        guard preambleSizeBytes <= WebVTTLimits.preambleBytes else {
            throw .limitExceeded("WebVTTLimits.preambleBytes")
        }
        preamble.append(String(decoding: text, as: UTF8.self))
    }
}

extension ArraySlice<UInt8> {
    /// Whether `-->` stands in it.
    fileprivate var containsArrow: Bool {
        guard count >= 3 else { return false }
        for index in startIndex...endIndex - 3 where self[index] == UInt8(ascii: "-") {
            if self[index + 1] == UInt8(ascii: "-"), self[index + 2] == UInt8(ascii: ">") {
                return true
            }
        }
        return false
    }

    /// Whether it is a block's title, with nothing but blanks behind it.
    fileprivate func isTitle(_ title: StaticString) -> Bool {
        starts(with: title.description.utf8)
            && dropFirst(title.utf8CodeUnitCount).allSatisfy(WebVTTTimings.isBlank)
    }
}
