/// A parsed WebVTT file: what every segment repeats, and the cues in order of their start.
///
/// W3C WebVTT §4.1
package struct WebVTTDocument: Hashable, Sendable {
    /// `STYLE` and `REGION` blocks as they stand, without the blank lines around them.
    package var preamble: [String]
    package var cues: [Cue]

    /// One cue; times in milliseconds, which is what WebVTT has.
    package struct Cue: Hashable, Sendable {
        package var identifier: String
        package var startMilliseconds: Int64
        package var endMilliseconds: Int64
        /// `line:0 position:20%`, as it stands.
        package var settings: String
        /// Lines joined by line feeds.
        package var payload: String

        package init(
            identifier: String = "",
            startMilliseconds: Int64,
            endMilliseconds: Int64,
            settings: String = "",
            payload: String
        ) {
            self.identifier = identifier
            self.startMilliseconds = startMilliseconds
            self.endMilliseconds = endMilliseconds
            self.settings = settings
            self.payload = payload
        }
    }

    package init(preamble: [String] = [], cues: [Cue]) {
        self.preamble = preamble
        self.cues = cues
    }
}
