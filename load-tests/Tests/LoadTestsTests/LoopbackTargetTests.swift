import LoadTests
import Testing

/// Load goes to this machine only.
struct LoopbackTargetTests {
    @Test(arguments: [
        "http://127.0.0.1:8000", "http://127.9.8.7:1/", "https://localhost:8443/a",
        "http://[::1]:80",
    ])
    func thisMachineIsTaken(text: String) throws {
        _ = try LoopbackTarget(text)
    }

    @Test(arguments: [
        ("http://example.org:80", "example.org"), ("http://10.0.0.1", "10.0.0.1"),
        ("http://0.0.0.0:8000", "0.0.0.0"),
        ("http://127.0.0.1.example.org", "127.0.0.1.example.org"),
        ("http://localhost.example.org/", "localhost.example.org"), ("http://127.1", "127.1"),
        ("http://user@127.0.0.1/", "user@127.0.0.1"),
        ("http://[::ffff:8.8.8.8]:80", "::ffff:8.8.8.8"),
        ("http://127.0.0.256", "127.0.0.256"), ("http://127.0.0.+1", "127.0.0.+1"),
    ])
    func anyOtherIsRefusedByName(text: String, host: String) {
        #expect(throws: TargetError.notLoopback(host)) { try LoopbackTarget(text) }
        #expect(TargetError.notLoopback(host).description.contains("'\(host)'"))
    }

    @Test(arguments: [
        "", "127.0.0.1:80", "ftp://127.0.0.1", "http://", "http://127.0.0.1:0x", "http://[::1",
    ])
    func nonsenseIsMalformed(text: String) {
        #expect(throws: TargetError.malformed(text)) { try LoopbackTarget(text) }
    }

    @Test func aPrefixLosesItsLastSlash() throws {
        let target = try LoopbackTarget("http://127.0.0.1:8000/a/b/")
        #expect(target.prefix == "/a/b")
        #expect(target.authority == "127.0.0.1:8000")
        #expect(target.port == 8000)
    }
}
