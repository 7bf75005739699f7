/// The lines of a WebVTT file, which end with CRLF, CR or LF.
///
/// A line can be put back, as a block may end at a line that starts the next one.
///
/// W3C WebVTT §6.1
struct WebVTTLines {
    private let bytes: [UInt8]
    private var position: Int
    private var previousPosition: Int
    /// 1-based number of the line that was read last; 0 before the first.
    private(set) var lineNumber = 0

    /// Reads a file; a byte order mark is left out and NUL becomes U+FFFD.
    init(_ file: [UInt8]) {
        let start = file.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if file.contains(0) {
            bytes = file.flatMap { $0 == 0 ? [0xEF, 0xBF, 0xBD] : [$0] }
        } else {
            bytes = file
        }
        position = start
        previousPosition = start
    }

    /// The next line without its end; nil at the end of the file.
    mutating func next() throws(PackagingError) -> ArraySlice<UInt8>? {
        guard position < bytes.count else { return nil }
        previousPosition = position
        lineNumber += 1
        let start = position
        var end = start
        while end < bytes.count, bytes[end] != Self.lineFeed, bytes[end] != Self.carriageReturn {
            end += 1
        }
        guard end - start <= WebVTTLimits.lineBytes else {
            throw .limitExceeded("WebVTTLimits.lineBytes")
        }
        position = end + 1
        if end + 1 < bytes.count, bytes[end] == Self.carriageReturn,
            bytes[end + 1] == Self.lineFeed
        {
            position += 1
        }
        return bytes[start..<end]
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// Makes the line that was read last the next one again.
    mutating func putBack() {
        position = previousPosition
        lineNumber -= 1
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
}
