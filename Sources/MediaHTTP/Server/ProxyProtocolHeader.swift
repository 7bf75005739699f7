package import NIOCore

/// The header by which a load balancer says for whom it connects; version 2.
///
/// Pure. Version 1 is refused by name: it is text of no stated size, and every balancer in use
/// speaks version 2. The PROXY protocol, §2.2
package struct ProxyProtocolHeader: Hashable {
    /// The client; nothing where the balancer speaks for itself, or for no address that we know.
    package let client: SocketAddress?

    package enum Outcome: Hashable {
        case incomplete
        case complete(ProxyProtocolHeader)
    }

    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]
    private static let version1 = Array("PROXY ".utf8)
    /// Signature, version and command, family, size.
    private static let fixedSizeBytes = 16

    /// Takes the header off the front of `bytes`, once it is there whole.
    package static func read(
        _ bytes: inout ByteBuffer,
        sizeLimitBytes: Int
    ) throws(ProxyProtocolError) -> Outcome {
        let start = bytes.readableBytesView.prefix(signature.count)
        guard start.elementsEqual(signature.prefix(start.count)) else {
            let isVersion1 = start.prefix(version1.count).elementsEqual(
                version1.prefix(start.count)
            )
            guard isVersion1 else { throw .noSignature }
            guard start.count >= version1.count else { return .incomplete }
            throw .version1
        }
        guard bytes.readableBytes >= fixedSizeBytes else { return .incomplete }
        var header = bytes
        header.moveReaderIndex(forwardBy: signature.count)
        guard let versionAndCommand = header.readInteger(as: UInt8.self),
            let family = header.readInteger(as: UInt8.self),
            let sizeBytes = header.readInteger(as: UInt16.self)
        else { return .incomplete }
        guard versionAndCommand >> 4 == 2 else { throw .unknownVersion(versionAndCommand >> 4) }
        guard fixedSizeBytes + Int(sizeBytes) <= sizeLimitBytes else {
            throw .tooLarge(sizeBytes: Int(sizeBytes))
        }
        guard var addresses = header.readSlice(length: Int(sizeBytes)) else { return .incomplete }
        bytes = header
        switch versionAndCommand & 0x0F {
        case 0: return .complete(ProxyProtocolHeader(client: nil))
        case 1:
            let client = try client(family: family, &addresses)
            return .complete(ProxyProtocolHeader(client: client))
        default: throw .unknownCommand(versionAndCommand & 0x0F)
        }
    }

    /// Source address and port; destination and further information are of no use here.
    private static func client(
        family: UInt8,
        _ bytes: inout ByteBuffer
    ) throws(ProxyProtocolError) -> SocketAddress? {
        let addressSizeBytes: Int
        switch family {
        case 0x11: addressSizeBytes = 4
        case 0x21: addressSizeBytes = 16
        // Unspecified, datagrams, UNIX: the peer stands for itself, as the protocol has it.
        case 0x00, 0x12, 0x22, 0x31, 0x32: return nil
        default: throw .unknownFamily(family)
        }
        guard let source = bytes.readSlice(length: addressSizeBytes),
            bytes.readSlice(length: addressSizeBytes) != nil,
            let port = bytes.readInteger(as: UInt16.self),
            bytes.readInteger(as: UInt16.self) != nil,
            let address = try? SocketAddress(packedIPAddress: source, port: Int(port))
        else { throw .truncated }
        return address
    }
}

/// Why a connection's first bytes are no PROXY protocol header that is taken here.
package enum ProxyProtocolError: Error, Hashable, Sendable {
    case noSignature
    /// `PROXY …` in text.
    case version1
    case unknownVersion(UInt8)
    case unknownCommand(UInt8)
    case unknownFamily(UInt8)
    /// Larger than `MediaLimits.proxyHeaderSizeBytes`.
    case tooLarge(sizeBytes: Int)
    /// Too small for its addresses.
    case truncated
}
