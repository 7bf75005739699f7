import MediaHTTP
import NIOCore
import Testing

/// The PROXY protocol, version 2, §2.2.
struct ProxyProtocolHeaderTests {
    private func read(
        _ bytes: [UInt8],
        limit: Int = 256
    ) throws(ProxyProtocolError) -> (outcome: ProxyProtocolHeader.Outcome, rest: Int) {
        var buffer = ByteBuffer(bytes: bytes)
        let outcome = try ProxyProtocolHeader.read(&buffer, sizeLimitBytes: limit)
        return (outcome, buffer.readableBytes)
    }

    private func client(_ bytes: [UInt8]) throws -> String? {
        guard case .complete(let header) = try read(bytes).outcome else { return "incomplete" }
        return header.client.map { "\($0.ipAddress ?? "") \($0.port ?? 0)" }
    }

    @Test func anIPv4ClientIsNamed() throws {
        #expect(try client(ProxyHeader.ipv4()) == "203.0.113.9 4660")
    }

    @Test func anIPv6ClientIsNamed() throws {
        let source: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1]
        let addresses = source + Array(repeating: 0, count: 16) + [0x12, 0x34, 0, 80]
        let header = ProxyHeader.make(command: 0x21, family: 0x21, addresses)
        #expect(try client(header) == "2001:db8::1 4660")
    }

    @Test func furtherInformationIsSkippedAndWhatFollowsIsLeft() throws {
        let header = ProxyHeader.ipv4(further: [0x03, 0, 4, 1, 2, 3, 4])
        let found = try read(header + Array("GET".utf8))
        #expect(found.rest == 3)
    }

    @Test func aBalancersOwnConnectionKeepsItsPeer() throws {
        #expect(try client(ProxyHeader.make(command: 0x20, family: 0, [])) == nil)
        #expect(try client(ProxyHeader.make(command: 0x20, family: 0x11, [1, 2])) == nil)
        #expect(try client(ProxyHeader.make(command: 0x21, family: 0, [])) == nil)
        let unix = [UInt8](repeating: 0, count: 216)
        #expect(try client(ProxyHeader.make(command: 0x21, family: 0x31, unix)) == nil)
    }

    @Test func everyPartOfAHeaderIsIncomplete() throws {
        let header = ProxyHeader.ipv4()
        for count in 0..<header.count {
            #expect(try read(Array(header[..<count])).outcome == .incomplete)
        }
    }

    @Test func version1IsRefusedByName() throws {
        let text = Array("PROXY TCP4 203.0.113.9 192.0.2.1 4660 80\r\n".utf8)
        #expect(throws: ProxyProtocolError.version1) { try read(text) }
        #expect(try read(Array("PRO".utf8)).outcome == .incomplete)
    }

    @Test(arguments: [
        (Array("GET / HTTP/1.1\r\n".utf8), ProxyProtocolError.noSignature),
        ([0x0D, 0x0A, 0x0D, 0x0A, 0x01], .noSignature),
        ([0x16, 0x03, 0x01], .noSignature),
        (ProxyHeader.make(command: 0x11, family: 0x11, []), .unknownVersion(1)),
        (ProxyHeader.make(command: 0x22, family: 0x11, []), .unknownCommand(2)),
        (ProxyHeader.make(command: 0x21, family: 0x41, []), .unknownFamily(0x41)),
        (ProxyHeader.make(command: 0x21, family: 0x11, [1, 2, 3]), .truncated),
        (
            ProxyHeader.make(command: 0x21, family: 0x21, Array(repeating: 0, count: 35)),
            .truncated
        ),
        (
            ProxyHeader.make(command: 0x21, family: 0x11, Array(repeating: 0, count: 300)),
            .tooLarge(sizeBytes: 300)
        ),
    ])
    func whatIsNoHeaderIsRefused(bytes: [UInt8], error: ProxyProtocolError) {
        #expect(throws: error) { try read(bytes) }
    }
}

/// Headers as a load balancer writes them.
enum ProxyHeader {
    static func make(command: UInt8, family: UInt8, _ content: [UInt8]) -> [UInt8] {
        let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10] + Array("QUIT\n".utf8)
        let size = [UInt8(content.count >> 8), UInt8(content.count & 255)]
        return signature + [command, family] + size + content
    }

    /// From 203.0.113.9, port 4660.
    static func ipv4(further: [UInt8] = []) -> [UInt8] {
        make(
            command: 0x21,
            family: 0x11,
            [203, 0, 113, 9, 192, 0, 2, 1, 0x12, 0x34, 0, 80] + further
        )
    }
}
