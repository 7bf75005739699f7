package import MediaHTTP
package import NIOCore
package import Platform

/// The edge's public listener: who may ask, for what, and where the answer comes from.
package struct EdgeHandler: MediaHandler {
    /// What of the configuration a request meets.
    package struct Options: Sendable {
        /// Proxies whose word on the client's address is taken.
        package var trustedProxies: [NetworkBlock] = []
        /// This edge's name in `Via`.
        package var pseudonym = "millrace-edge"
        package var passThrough = PassThroughConfiguration()

        package init() {}
    }

    private let core: EdgeCore
    private let gate: CurrentGate
    private let api: any UpstreamCalling
    private let steering: Steering?
    private let cmcd: CMCDCounters
    private let options: Options
    private let wallClock: @Sendable () -> Int64

    package init(
        core: EdgeCore,
        gate: CurrentGate,
        api: any UpstreamCalling,
        steering: Steering?,
        cmcd: CMCDCounters,
        options: Options,
        wallClock: @escaping @Sendable () -> Int64
    ) {
        self.core = core
        self.gate = gate
        self.api = api
        self.steering = steering
        self.cmcd = cmcd
        self.options = options
        self.wallClock = wallClock
    }

    package var takesAllMethods: Bool { true }

    package func respond(to request: MediaRequest, on eventLoop: any EventLoop) -> MediaAnswer {
        if let steering, let answer = steer(steering, request) { return .now(answer) }
        let gate = gate.gate
        let client = client(request)
        let decision = gate.check(
            AccessRequest(path: request.path, query: request.query, client: client),
            at: time,
            header: { request.header($0) }
        )
        guard case .allowed(let pass) = decision else {
            return .now(decision.response ?? .error(status: 403, code: "forbidden", message: ""))
        }
        switch MediaTarget.parse(path: String(pass.path), query: request.query) {
        case .media(let target):
            let told = cmcd.note(
                query: request.query,
                header: request.hasCMCD ? { request.header($0) } : nil
            )
            let hint = told?.nextObject(after: String(pass.path))
            return charged(media(target, request, hint, on: eventLoop), client, pass, gate)
        case .malformed:
            return .now(
                .error(
                    status: 400,
                    code: "malformed_address",
                    message: "No address has this form."
                )
            )
        case .foreign: return foreign(request)
        }
    }

    /// Steering is open to all: it tells no more than how the regions are.
    private func steer(_ steering: Steering, _ request: MediaRequest) -> MediaResponse? {
        guard request.path.hasPrefix(SteeringPath.root) else { return nil }
        switch request.method {
        case .get, .head: return steering.answer(path: request.path, query: request.query)
        case .options: return .preflight
        case .other: return nil
        }
    }

    private var time: AccessTime {
        AccessTime(unixSeconds: wallClock(), nanoseconds: NIODeadline.now().uptimeNanoseconds)
    }

    /// Where bytes are limited, they are counted when they have been sent.
    private func charged(
        _ answer: MediaAnswer,
        _ client: IPAddress,
        _ pass: AccessPass,
        _ gate: AccessGate
    ) -> MediaAnswer {
        guard gate.countsBytes else { return answer }
        @Sendable func charged(_ response: MediaResponse) -> MediaResponse {
            var response = response
            response.onSent = { gate.charge(bytes: $0, to: client, pass, at: self.time) }
            return response
        }
        return switch answer {
        case .now(let response): .now(charged(response))
        case .later(let future): .later(future.map { charged($0) })
        case .relay: answer
        }
    }

    private func client(_ request: MediaRequest) -> IPAddress {
        guard !options.trustedProxies.isEmpty else { return request.peer }
        return ForwardedAddress.client(
            peer: request.peer,
            forwardedFor: request.header("x-forwarded-for"),
            trusted: options.trustedProxies
        )
    }

    private func media(
        _ target: MediaTarget,
        _ request: MediaRequest,
        _ hint: String?,
        on eventLoop: any EventLoop
    ) -> MediaAnswer {
        switch request.method {
        case .get, .head: break
        case .options: return .now(.preflight)
        case .other:
            return .now(
                .error(
                    status: 405,
                    code: "method_not_allowed",
                    message: "only GET, HEAD and OPTIONS are answered here",
                    extraHeaders: [("Allow", "GET, HEAD, OPTIONS")]
                )
            )
        }
        return core.answer(
            target,
            requestID: request.requestID,
            header: { request.header($0) },
            hint: hint,
            on: eventLoop
        )
    }

    private func foreign(_ request: MediaRequest) -> MediaAnswer {
        if let via = request.header("via"),
            ViaLoop.contains(options.pseudonym, [("via", via)])
        {
            return .now(UpstreamFailure.loop)
        }
        return .relay(
            PassThrough(request, upstream: api, configuration: options.passThrough)
        )
    }
}
