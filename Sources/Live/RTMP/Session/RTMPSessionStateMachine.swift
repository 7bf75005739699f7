/// What an encoder's commands come to: command in, actions out.
///
/// It knows neither sockets nor clocks; the connection does what it says, in order.
///
/// RTMP 1.0 §7.2
package struct RTMPSessionStateMachine: Sendable {
    package enum Action: Hashable, Sendable {
        case send(RTMPReply)
        /// Ask whether it may publish, and say so with `decided`.
        case decide(PublishAttempt)
        /// The encoder has ended its publish; it may begin another.
        case endPublish
        /// Let the encoder read what was sent, and go.
        case leave(RTMPRefusalReason)
    }

    private enum Phase {
        case connecting
        case connected
        case deciding(messageStream: UInt32, key: String)
        case publishing(messageStream: UInt32, key: String)
        case left
    }

    /// The application that is published to.
    private let application: String
    private let clientAddress: String
    private let isSecure: Bool
    private var phase = Phase.connecting
    private var encoder = ""
    /// What stood behind `?` in the application: encoders that have no field for a key put it there.
    private var applicationQuery = ""
    private var messageStreamCount: UInt32 = 0
    /// Whether `FCUnpublish` came: the end of the connection is no loss then.
    package private(set) var saidGoodbye = false

    package init(application: String, clientAddress: String, isSecure: Bool) {
        self.application = application
        self.clientAddress = clientAddress
        self.isSecure = isSecure
    }

    /// What a command asks for.
    package mutating func receive(_ command: RTMPCommand) -> [Action] {
        switch (phase, command.name) {
        case (.left, _): return []
        case (.connecting, "connect"): return connect(command)
        case (.connecting, _): return leave(.malformed)
        case (_, "createStream"): return createStream(command)
        case (_, "publish"): return publish(command)
        case (_, "releaseStream"): return [Self.result(of: command)]
        case (_, "FCPublish"):
            return [
                notice("onFCPublish", "NetStream.Publish.Start", command), Self.result(of: command),
            ]
        case (_, "FCUnpublish"):
            if case .publishing = phase { saidGoodbye = true }
            return [notice("onFCUnpublish", "NetStream.Unpublish.Success", command)]
        case (.publishing(let messageStream, _), "deleteStream"),
            (.publishing(let messageStream, _), "closeStream"):
            return endPublish(messageStream)
        case (_, "deleteStream"), (_, "closeStream"): return []
        case (_, "play"), (_, "play2"):
            let code = "NetStream.Play.StreamNotFound"
            return [status(.error, code, "Nothing is played over RTMP here", command.messageStream)]
                + leave(.playback)
        case (_, "onStatus"), (_, "_result"), (_, "_error"): return []
        default: return unknown(command)
        }
    }

    /// What is said to an encoder that asked to publish.
    package mutating func decided(_ refusal: PublishRefusal?) -> [Action] {
        guard case .deciding(let messageStream, let key) = phase else { return [] }
        if let refusal {
            return [status(.error, refusal.statusCode, refusal.text, messageStream)]
                + leave(RTMPRefusalReason(refusal))
        }
        phase = .publishing(messageStream: messageStream, key: key)
        saidGoodbye = false
        return [
            .send(.streamBegin(messageStream)),
            status(.status, "NetStream.Publish.Start", "Publishing", messageStream),
        ]
    }

    /// What is said to an encoder that publishes what cannot be used.
    ///
    /// - Parameter reason: for the encoder's operator.
    /// - Returns: what to send; nothing where nobody publishes.
    package mutating func failed(_ reason: String) -> [Action] {
        guard case .publishing(let messageStream, _) = phase else { return [] }
        phase = .left
        // The one code of failure that librtmp, and so OBS, takes for an end and logs.
        return [status(.error, "NetStream.Failed", reason, messageStream)]
    }

    // MARK: Commands

    private mutating func connect(_ command: RTMPCommand) -> [Action] {
        let text = command.object["app"]?.string ?? ""
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let name = Self.trimmed(parts.first ?? "")
        encoder = String((command.object["flashVer"]?.string ?? "").prefix(Self.encoderLength))
        applicationQuery = parts.count > 1 ? String(parts[1]) : ""
        guard name == application else {
            let refusal = PublishRefusal.unknownApplication
            let information = Self.information(
                .error,
                "NetConnection.Connect.Rejected",
                refusal.text
            )
            let values = [.string("_error"), .number(command.transaction), .null, information]
            return [.send(.command(values))] + leave(RTMPRefusalReason(refusal))
        }
        phase = .connected
        let enhanced = EnhancedCapabilities.answer(to: command.object)
        let properties: [AMF0Property] = [
            AMF0Property("fmsVer", .string("FMS/3,5,7,7009")),
            AMF0Property("capabilities", .number(31)),
            AMF0Property("mode", .number(1)),
        ]
        let information: [AMF0Property] = [
            AMF0Property("level", .string("status")),
            AMF0Property("code", .string("NetConnection.Connect.Success")),
            AMF0Property("description", .string("Connection succeeded.")),
            AMF0Property("objectEncoding", .number(0)),
        ]
        return [
            .send(.windowAcknowledgementSize(RTMPLimits.acknowledgementWindowBytes)),
            .send(.setPeerBandwidth(RTMPLimits.acknowledgementWindowBytes)),
            .send(.setChunkSize(RTMPLimits.sentChunkSize)),
            .send(
                .command([
                    .string("_result"), .number(command.transaction),
                    .object(properties + enhanced), .object(information + enhanced),
                ])
            ),
        ]
    }

    private mutating func createStream(_ command: RTMPCommand) -> [Action] {
        guard messageStreamCount < RTMPLimits.messageStreamCount else { return leave(.malformed) }
        messageStreamCount += 1
        let number = AMF0Value.number(Double(messageStreamCount))
        return [.send(.command([.string("_result"), .number(command.transaction), .null, number]))]
    }

    private mutating func publish(_ command: RTMPCommand) -> [Action] {
        guard case .connected = phase else {
            let text = "One publish at a time on a connection"
            return [status(.error, "NetStream.Publish.BadName", text, command.messageStream)]
        }
        let name = command.arguments.first?.string ?? ""
        let parts = name.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let key = Self.trimmed(parts.first ?? "")
        phase = .deciding(messageStream: command.messageStream, key: key)
        return [
            .decide(
                PublishAttempt(
                    application: application,
                    key: key,
                    query: parts.count > 1 ? String(parts[1]) : applicationQuery,
                    clientAddress: clientAddress,
                    encoder: encoder,
                    isSecure: isSecure
                )
            )
        ]
    }

    private mutating func endPublish(_ messageStream: UInt32) -> [Action] {
        phase = .connected
        saidGoodbye = true
        let code = "NetStream.Unpublish.Success"
        return [.endPublish, status(.status, code, "Publish ended", messageStream)]
    }

    private func unknown(_ command: RTMPCommand) -> [Action] {
        guard command.transaction != 0 else { return [] }
        let information = Self.information(.error, "NetConnection.Call.Failed", "Not known here")
        let values = [.string("_error"), .number(command.transaction), .null, information]
        return [.send(.command(values))]
    }

    private mutating func leave(_ reason: RTMPRefusalReason) -> [Action] {
        phase = .left
        return [.leave(reason)]
    }

    // MARK: Answers

    private enum Level: String {
        case status
        case error
    }

    /// What is kept of `flashVer`.
    private static let encoderLength = 256

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == "/" { text.removeFirst() }
        while text.last == "/" { text.removeLast() }
        return String(text)
    }

    private static func result(of command: RTMPCommand) -> Action {
        .send(.command([.string("_result"), .number(command.transaction), .null, .undefined]))
    }

    private static func information(_ level: Level, _ code: String, _ text: String) -> AMF0Value {
        .object([
            AMF0Property("level", .string(level.rawValue)),
            AMF0Property("code", .string(code)),
            AMF0Property("description", .string(text)),
        ])
    }

    private func status(
        _ level: Level,
        _ code: String,
        _ text: String,
        _ messageStream: UInt32
    ) -> Action {
        let information = Self.information(level, code, text)
        return .send(
            .command([.string("onStatus"), .number(0), .null, information], on: messageStream)
        )
    }

    /// `onFCPublish` and its like, which some encoders wait for.
    private func notice(_ name: String, _ code: String, _ command: RTMPCommand) -> Action {
        let key = command.arguments.first?.string ?? ""
        let information = Self.information(.status, code, key)
        return .send(.command([.string(name), .number(0), .null, information]))
    }
}
