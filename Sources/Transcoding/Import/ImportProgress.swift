/// How far an import has come.
package struct ImportProgress: Hashable, Sendable {
    /// Bytes of the source read so far, and all of them.
    package var bytesRead: UInt64
    package var sizeBytes: UInt64

    package init(bytesRead: UInt64, sizeBytes: UInt64) {
        self.bytesRead = bytesRead
        self.sizeBytes = sizeBytes
    }

    /// 0 to 1.
    package var fraction: Double {
        sizeBytes == 0 ? 0 : min(1, Double(bytesRead) / Double(sizeBytes))
    }
}

/// What an import brought into the library.
package struct ImportResult: Hashable, Sendable {
    package var id: String
    /// Names of the files in the video's folder.
    package var files: [String]
    package var description: MediaDescription
    /// What was left out, sentences for a person.
    package var warnings: [String]
}
