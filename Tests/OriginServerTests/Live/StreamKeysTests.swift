import Live
import OriginServer
import Platform
import Testing

struct StreamKeysTests {
    private func configuration(_ yaml: String) throws -> OriginConfiguration {
        var values = ConfigurationValues(environment: [:])
        try values.add(yaml: yaml, path: "origin.yaml")
        return try OriginConfiguration(&values)
    }

    private func attempt(_ key: String) -> PublishAttempt {
        PublishAttempt(application: "live", key: key, clientAddress: "127.0.0.1")
    }

    @Test func withoutKeysAKeyIsItsStream() throws {
        let keys = StreamKeys(keys: try configuration("").live.keys)
        #expect(keys.decide(attempt("my-key_1")) == .success(PublishGrant(streamID: "my-key_1")))
        for bad in ["", "a/b", "a b", "ä", String(repeating: "a", count: 129)] {
            #expect(keys.decide(attempt(bad)) == .failure(.unknownKey))
        }
    }

    @Test func configuredKeysNameTheirStream() throws {
        let options = try configuration("live: {keys: [s3cret=main, other=main:backup]}").live
        let keys = StreamKeys(keys: options.keys)
        #expect(keys.decide(attempt("s3cret")) == .success(PublishGrant(streamID: "main")))
        #expect(
            keys.decide(attempt("other"))
                == .success(PublishGrant(streamID: "main", role: .backup))
        )
        #expect(keys.decide(attempt("main")) == .failure(.unknownKey))
    }

    @Test func aWiderAddressNeedsKeys() throws {
        #expect(throws: ConfigurationError.self) {
            try configuration("live: {rtmp: {listen: '0.0.0.0:1935'}}")
        }
        #expect(throws: ConfigurationError.self) {
            try configuration(
                "live: {rtmps: {listen: '[::]:1936', certificate: a.pem, key: b.pem}}"
            )
        }
        _ = try configuration("live: {keys: [a=b], rtmp: {listen: '0.0.0.0:1935'}}")
        _ = try configuration("live: {enabled: false, rtmp: {listen: '0.0.0.0:1935'}}")
        _ = try configuration("live: {rtmp: {listen: 'localhost:1935'}}")
    }

    @Test(arguments: ["a", "a=", "=b", "a=b:c", "a=b:backup:c", "a=b/c", "[a=b, a=c]"])
    func badKeysAreRefusedWithoutBeingSaid(keys: String) throws {
        do {
            _ = try configuration("live: {keys: \(keys)}")
            Issue.record("was taken")
        } catch let error as ConfigurationError {
            guard case .invalid(let key, let value, _) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(key == "live.keys" && value.hasPrefix("…="))
        }
    }
}
