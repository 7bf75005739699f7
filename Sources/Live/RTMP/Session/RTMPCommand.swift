/// A command of an encoder: its name, its transaction, and what stands behind.
///
/// RTMP 1.0 §7.1.1
package struct RTMPCommand: Hashable, Sendable {
    package var name: String
    /// 0 where no answer is expected.
    package var transaction: Double
    /// The command object, or null.
    package var object: AMF0Value
    package var arguments: [AMF0Value]
    package var messageStream: UInt32

    /// Nothing where the body begins with no name.
    ///
    /// - Parameters:
    ///   - body: AMF 0 values.
    ///   - messageStream: which the message came on.
    /// - Throws: `AMF0Error`.
    init?(_ body: Span<UInt8>, messageStream: UInt32) throws(AMF0Error) {
        var reader = AMF0Reader(body)
        guard case .string(let name) = try reader.next() else { return nil }
        let transaction = reader.isAtEnd ? nil : try reader.next().number
        let object = reader.isAtEnd ? AMF0Value.null : try reader.next()
        self.init(
            name: name,
            transaction: transaction ?? 0,
            object: object,
            arguments: try reader.remaining(),
            messageStream: messageStream
        )
    }

    package init(
        name: String,
        transaction: Double,
        object: AMF0Value = .null,
        arguments: [AMF0Value] = [],
        messageStream: UInt32 = 0
    ) {
        self.name = name
        self.transaction = transaction
        self.object = object
        self.arguments = arguments
        self.messageStream = messageStream
    }
}
