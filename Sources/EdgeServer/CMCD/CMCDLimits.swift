/// Bounds on what a player may tell with one request.
enum CMCDLimits {
    /// Of the `CMCD` parameter as it was sent, or of one field; a longer one is counted, not read.
    static let sizeBytes = 4096
    /// Keys that are read of one parameter or field.
    static let keyCount = 64
    static let keySizeBytes = 64
    /// Of a value without its quotes.
    static let valueSizeBytes = 1024
    /// Of a number before its point: an integer of RFC 8941 §3.3.1 has no more.
    static let digitCount = 15
}
