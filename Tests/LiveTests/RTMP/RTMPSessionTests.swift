import Live
import Testing

struct RTMPSessionTests {
    private static func session() -> RTMPSessionStateMachine {
        RTMPSessionStateMachine(application: "live", clientAddress: "192.0.2.1", isSecure: false)
    }

    private static func connect(_ properties: [AMF0Property]) -> RTMPCommand {
        RTMPCommand(name: "connect", transaction: 1, object: .object(properties))
    }

    /// The values of the commands among the actions.
    private func commands(_ actions: [RTMPSessionStateMachine.Action]) throws -> [[AMF0Value]] {
        try actions.compactMap { action in
            guard case .send(let reply) = action, reply.type == RTMPMessageType.command else {
                return nil
            }
            var reader = AMF0Reader(reply.body)
            return try reader.remaining()
        }
    }

    @Test func enhancedEncodersHearWhatIsTaken() throws {
        var session = Self.session()
        let actions = session.receive(
            Self.connect([
                AMF0Property("app", .string("live/")),
                AMF0Property("fourCcList", .strictArray([.string("hvc1")])),
                AMF0Property("capsEx", .number(2)),
            ])
        )
        let result = try #require(try commands(actions).first)
        #expect(result[0] == .string("_result"))
        #expect(result[1] == .number(1))
        let list = result[3]["fourCcList"]?.elements.compactMap(\.string)
        #expect(list?.contains("hvc1") == true && list?.contains("fLaC") == true)
        #expect(result[3]["videoFourCcInfoMap"]?["av01"] == .number(5))
        #expect(result[3]["audioFourCcInfoMap"]?["Opus"] == .number(5))
        #expect(result[3]["capsEx"] == .number(6))
    }

    @Test func othersHearNothingOfIt() throws {
        var session = Self.session()
        let actions = session.receive(Self.connect([AMF0Property("app", .string("live"))]))
        let result = try #require(try commands(actions).first)
        #expect(result[3]["code"] == .string("NetConnection.Connect.Success"))
        #expect(result[3]["capsEx"] == nil)
    }

    @Test func theQueryOfTheApplicationStandsInForTheKeys() {
        var session = Self.session()
        _ = session.receive(Self.connect([AMF0Property("app", .string("live?a=b"))]))
        let publish = RTMPCommand(
            name: "publish",
            transaction: 3,
            arguments: [.string("/key")],
            messageStream: 1
        )
        let attempt = PublishAttempt(
            application: "live",
            key: "key",
            query: "a=b",
            clientAddress: "192.0.2.1"
        )
        #expect(session.receive(publish) == [.decide(attempt)])
    }

    @Test func refusalsAreSaidInRTMPsWords() throws {
        let refusals: [(PublishRefusal, String)] = [
            (.unknownKey, "NetStream.Publish.BadName"),
            (.alreadyPublished, "NetStream.Publish.BadName"),
            (.unavailable("later"), "NetStream.Publish.Denied"),
        ]
        for (refusal, code) in refusals {
            var session = Self.session()
            _ = session.receive(Self.connect([AMF0Property("app", .string("live"))]))
            let key = [AMF0Value.string("key")]
            _ = session.receive(RTMPCommand(name: "publish", transaction: 3, arguments: key))
            let actions = session.decided(refusal)
            #expect(try commands(actions).first?[3]["code"] == .string(code))
            #expect(actions.last == .leave(RTMPRefusalReason(refusal)))
        }
    }

    @Test func unknownCommandsAreAnsweredWhereAnAnswerIsAwaited() throws {
        var session = Self.session()
        _ = session.receive(Self.connect([AMF0Property("app", .string("live"))]))
        let call = RTMPCommand(name: "getStreamLength", transaction: 7)
        let answer = try #require(try commands(session.receive(call)).first)
        #expect(answer[..<2] == [.string("_error"), .number(7)])
        #expect(session.receive(RTMPCommand(name: "any", transaction: 0)).isEmpty)
    }

    @Test func acknowledgementsGoOnBehindFourGigabytes() {
        var window = AcknowledgementWindow()
        var received: UInt32 = 0
        var count = 0
        for _ in 0..<10_000 {
            received &+= 1_000_000
            if window.isDue(receivedByteCount: received) { count += 1 }
        }
        #expect(count == 5000)
    }
}
