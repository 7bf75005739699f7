import Platform
import Testing

struct NetworkBlockTests {
    @Test(arguments: [
        ("192.0.2.1", true, UInt64(0), UInt64(0xC000_0201)),
        ("0.0.0.0", true, 0, 0),
        ("::", false, 0, 0),
        ("::1", false, 0, 1),
        ("2001:db8::", false, 0x2001_0DB8_0000_0000, 0),
        ("2001:DB8:1:2:3:4:5:6", false, 0x2001_0DB8_0001_0002, 0x0003_0004_0005_0006),
        ("1::8", false, 0x0001_0000_0000_0000, 8),
        ("1:2:3:4:5:6:7::", false, 0x0001_0002_0003_0004, 0x0005_0006_0007_0000),
        ("64:ff9b::192.0.2.1", false, 0x0064_FF9B_0000_0000, 0xC000_0201),
        ("::ffff:192.0.2.1", true, 0, 0xC000_0201),
    ])
    func readsAddresses(text: String, isIPv4: Bool, high: UInt64, low: UInt64) throws {
        let address = try #require(IPAddress(text))
        #expect(address.isIPv4 == isIPv4)
        #expect(address.bytes == (high, low))
    }

    @Test(arguments: [
        "", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.-4", "1.2.3.4 ", "+1.2.3.4",
        "1..3.4", ":", ":::", "1:2", "1::2::3", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
        "::12345", "::+1", "::-0", ":1::2", "1::2:", "[::1]", "fe80::1%eth0", "1.2.3.4::",
        "::1.2.3", "example.org", "::g",
    ])
    func refusesWhatIsNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.255", "192.0.3.0"),
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ("0.0.0.0/0", "255.255.255.255", "::1"),
        ("128.0.0.0/1", "128.0.0.1", "127.255.255.255"),
        ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
        ("2001:db8:0:8::/61", "2001:db8:0:f::", "2001:db8:0:10::"),
        ("2001:db8::8000:0:0:0/65", "2001:db8::ffff:0:0:1", "2001:db8::7fff:0:0:1"),
        ("::/0", "2001:db8::", "192.0.2.1"),
        ("::1/128", "::1", "::2"),
    ])
    func holdsItsOwnAddressesOnly(block: String, inside: String, outside: String) throws {
        let block = try #require(NetworkBlock(block))
        #expect(block.contains(try #require(IPAddress(inside))))
        #expect(!block.contains(try #require(IPAddress(outside))))
    }

    @Test(arguments: [
        "192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/+24", "192.0.2.0/-0", "/24",
        "192.0.2.0/24/24", "2001:db8::1/64", "::/129", "example.org/8",
    ])
    func refusesWhatIsNoNetwork(text: String) {
        #expect(NetworkBlock(text) == nil)
    }
}
