/// Bounds of what a WebVTT file may hold; a file beyond one is refused by its name.
package enum WebVTTLimits {
    /// The whole file: ten hours of dense subtitles are about 2 MiB.
    package static let documentBytes = 16 << 20
    /// Cues that can be shown.
    package static let cues = 100_000
    /// One line, its end not counted.
    package static let lineBytes = 64 << 10
    /// All `STYLE` and `REGION` blocks together, as every segment repeats them.
    package static let preambleBytes = 64 << 10
    /// Digits of a timestamp's hours.
    package static let hourDigits = 6
}
