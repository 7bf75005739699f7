package import Foundation

/// What the child says to its parent, a line of JSON each on its standard output.
package enum ImportMessage: Hashable, Sendable, Codable {
    case described(MediaDescription)
    case progress(bytesRead: UInt64)
    case warning(String)
    /// Names of the files that were written; the last message of a success.
    case finished(files: [String])
    /// The last message of a failure.
    case failed(TranscodingError)

    /// The line, with its line feed.
    package var line: Data {
        let encoder = JSONEncoder()
        // Cannot fail: the cases hold strings and finite numbers only.
        let data = (try? encoder.encode(self)) ?? Data()
        return data + Data([UInt8(ascii: "\n")])
    }

    /// Nil for what is no message.
    package init?(line: some DataProtocol) {
        guard let message = try? JSONDecoder().decode(Self.self, from: Data(line)) else {
            return nil
        }
        self = message
    }
}
