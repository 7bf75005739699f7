/// A recording that is a video of the library, made here: what its summary file says.
package struct FinishedRecording: Hashable, Sendable {
    package var id: String
    package var streamID: String
    /// Microseconds since 1970.
    package var endedMicroseconds: Int64
    package var sizeBytes: UInt64
    /// Nothing of it was lost.
    package var isComplete: Bool
    /// Names in its folder of the library; nothing else there is ever removed.
    package var files: [String]

    private static let title = "millrace recording 1"

    /// The summary's text, a line for each fact.
    var text: String {
        var lines = [Self.title, "id \(id)", "stream \(streamID)", "ended \(endedMicroseconds)"]
        lines += ["bytes \(sizeBytes)", "complete \(isComplete ? "yes" : "no")"]
        lines += files.map { "file \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    package init(
        id: String,
        streamID: String,
        endedMicroseconds: Int64,
        sizeBytes: UInt64,
        isComplete: Bool,
        files: [String]
    ) {
        self.id = id
        self.streamID = streamID
        self.endedMicroseconds = endedMicroseconds
        self.sizeBytes = sizeBytes
        self.isComplete = isComplete
        self.files = files
    }

    /// Nothing where the text is no summary, or not whole.
    init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first.map(String.init) == Self.title, lines.last == "" else { return nil }
        var values: [Substring: Substring] = [:]
        var files: [String] = []
        for line in lines.dropFirst().dropLast() {
            guard let space = line.firstIndex(of: " ") else { return nil }
            let value = line[line.index(after: space)...]
            if line[..<space] == "file" {
                // A name, never a way to somewhere else.
                guard !value.contains("/"), !value.hasPrefix(".") else { return nil }
                files.append(String(value))
            } else {
                values[line[..<space]] = value
            }
        }
        guard let id = values["id"], let stream = values["stream"],
            let ended = values["ended"].flatMap({ Int64($0) }),
            let size = values["bytes"].flatMap({ UInt64($0) })
        else {
            return nil
        }
        self.init(
            id: String(id),
            streamID: String(stream),
            endedMicroseconds: ended,
            sizeBytes: size,
            isComplete: values["complete"] == "yes",
            files: files
        )
    }
}
