/// The message by which an encoder says that pictures get right from here on, though none is a
/// beginning.
///
/// ISO/IEC 14496-10 §D.1.8, ISO/IEC 23008-2 §D.2.8
enum RecoveryPoint {
    private static let payloadType = 6
    /// Messages of one unit that are looked at.
    private static let messageCount = 8

    /// Whether a unit of supplemental enhancement information has one.
    ///
    /// - Parameters:
    ///   - body: the message.
    ///   - unit: where the unit stands in it, with its header.
    ///   - headerCount: bytes of that: 1 in AVC, 2 in HEVC.
    /// - Returns: false too where the unit makes no sense.
    static func isIn(_ body: Span<UInt8>, _ unit: Range<Int>, headerCount: Int) -> Bool {
        var position = unit.lowerBound + headerCount
        // ISO/IEC 14496-10 §7.3.2.3.1: bytes of 255 go before the last one.
        func number() -> Int? {
            var value = 0
            while position < unit.upperBound {
                let byte = body[position]
                position += 1
                value += Int(byte)
                if byte != 0xFF { return value }
            }
            return nil
        }
        for _ in 0..<messageCount {
            guard let type = number(), let size = number() else { return false }
            if type == payloadType { return true }
            position += size
        }
        return false
    }
}
