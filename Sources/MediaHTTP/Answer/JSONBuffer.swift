import NIOCore
import Platform

/// Writes JSON into a buffer: just what errors and log lines need.
struct JSONBuffer {
    private(set) var buffer = ByteBuffer()

    mutating func append(_ text: String) {
        buffer.writeString(text)
    }

    mutating func appendNumber(_ number: some BinaryInteger) {
        buffer.writeString(String(number))
    }

    /// A quoted string with quotes, backslashes and control characters escaped.
    mutating func appendString(_ text: String) {
        buffer.writeString(JSONText.quoted(text))
    }
}
