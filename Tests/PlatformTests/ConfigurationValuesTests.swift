import Platform
import Testing

struct ConfigurationValuesTests {
    private func values(
        _ yaml: String,
        environment: [String: String] = [:]
    ) throws -> ConfigurationValues {
        var values = ConfigurationValues(environment: environment)
        try values.add(yaml: yaml, path: "test.yaml")
        return values
    }

    @Test func nestedKeysAreReadByTheirDottedName() throws {
        var values = try values("media:\n  listen: 127.0.0.1:9000\n")
        let address = try values.address("media.listen", default: "127.0.0.1:8081")
        #expect(address == ListenAddress(host: "127.0.0.1", port: 9000))
    }

    @Test func environmentIsStrongerThanTheFile() throws {
        var values = try values(
            "log: {level: info}",
            environment: ["MILLRACE_LOG_LEVEL": "debug"]
        )
        #expect(values.string("log.level", default: "notice") == "debug")
    }

    @Test func commandLineIsStrongerThanTheEnvironment() throws {
        var values = try values("", environment: ["MILLRACE_DATA": "/from/environment"])
        values.override("data", "/from/option")
        #expect(values.string("data", default: "") == "/from/option")
    }

    @Test func anEmptyValueLeavesTheDefault() throws {
        var values = try values("media:\n  idle_timeout:\n")
        let timeout = try values.duration(
            "media.idle_timeout",
            default: .seconds(75),
            in: .zero ... .seconds(100)
        )
        #expect(timeout == .seconds(75))
    }

    @Test func anUnknownKeyIsRefusedWithTheNearestOne() throws {
        var values = try values("media: {lisen: x}")
        _ = values.string("media.listen", default: "")
        #expect(
            throws: ConfigurationError.unknownKey(key: "media.lisen", nearest: "media.listen")
        ) {
            try values.refuseUnknownKeys()
        }
    }

    @Test(arguments: ["seven", "-1", "70000", "1.5"])
    func aWrongNumberNamesItsKey(text: String) throws {
        var values = try values("media: {event_loops: \(text)}")
        #expect(throws: ConfigurationError.self) {
            try values.integer("media.event_loops", default: 0, in: 0...256)
        }
    }

    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("4s", .seconds(4)), ("1.5s", .milliseconds(1500)),
        ("10m", .seconds(600)), ("1h", .seconds(3600)),
    ])
    func durationsCarryTheirUnit(text: String, expected: Duration) throws {
        var values = try values("wait: \(text)")
        #expect(
            try values.duration("wait", default: .zero, in: .zero ... .seconds(7200)) == expected
        )
    }

    @Test(arguments: ["4", "s", "4 parsecs", "-1s", "nans", "infs"])
    func aDurationWithoutSenseIsRefused(text: String) throws {
        var values = try values("wait: \"\(text)\"")
        #expect(throws: ConfigurationError.self) {
            try values.duration("wait", default: .zero, in: .zero ... .seconds(7200))
        }
    }

    @Test(arguments: [("512", 512), ("64KiB", 65_536), ("256MiB", 268_435_456)])
    func sizesCarryTheirUnit(text: String, expected: Int) throws {
        var values = try values("room: \(text)")
        #expect(try values.byteSize("room", default: 0, in: 0...(1 << 40)) == expected)
    }

    @Test func aSizeThatOverflowsIsRefused() throws {
        var values = try values("room: 9223372036854775807GiB")
        #expect(throws: ConfigurationError.self) {
            try values.byteSize("room", default: 0, in: 0...(1 << 40))
        }
    }

    @Test func brokenYAMLSaysWhichFile() {
        #expect(throws: ConfigurationError.self) { try values("a: [1, 2") }
        #expect(throws: ConfigurationError.self) { try values("- just\n- a list") }
    }

    @Test func anUnreadableFileIsItsOwnError() {
        #expect(throws: ConfigurationError.self) {
            try ConfigurationValues(path: "/nonexistent/origin.yaml", environment: [:])
        }
    }
}

struct ListenAddressTests {
    @Test(arguments: ["127.0.0.1:8081", "localhost:0", "[::1]:8080", "0.0.0.0:65535"])
    func addressesReadAndPrintTheSame(text: String) {
        #expect(ListenAddress(text: text)?.description == text)
    }

    @Test(arguments: ["", ":80", "host", "host:", "host:x", "host:65536", "::1:8080", "[]:1"])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(ListenAddress(text: text) == nil)
    }
}
