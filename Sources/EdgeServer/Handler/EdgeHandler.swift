package import MediaHTTP
package import NIOCore

/// The edge's listener: who may ask, for what, and where the answer comes from.
package struct EdgeHandler: MediaHandler {
    private let core: EdgeCore

    package init(core: EdgeCore) {
        self.core = core
    }

    package func respond(to request: MediaRequest, on eventLoop: any EventLoop) -> MediaAnswer {
        switch MediaTarget.parse(path: request.path, query: request.query) {
        case .media(let target):
            return core.answer(
                target,
                requestID: request.requestID,
                isForEdge: false,
                on: eventLoop
            )
        case .malformed:
            return .now(
                .error(
                    status: 400,
                    code: "malformed_address",
                    message: "No address has this form."
                )
            )
        case .foreign:
            return .now(.error(status: 404, code: "not_found", message: "There is nothing here."))
        }
    }
}
