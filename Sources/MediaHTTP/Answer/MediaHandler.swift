package import NIOCore

/// Decides what a request gets; the lane does the rest.
package protocol MediaHandler: Sendable {
    /// Answers on the connection's event loop, and so must not block.
    ///
    /// A future that fails is answered with 500. It may be on any event loop; while it is not
    /// complete the connection answers nothing else.
    func respond(to request: MediaRequest, on eventLoop: any EventLoop) -> MediaAnswer

    /// Whether requests with any method, OPTIONS included, and with bodies of any size come here.
    ///
    /// Else, which is the default, the lane refuses other methods and chunked bodies and answers
    /// OPTIONS itself. CONNECT and TRACE never come. Read once for each event loop.
    var takesAllMethods: Bool { get }
}

extension MediaHandler {
    package var takesAllMethods: Bool { false }
}

/// An answer that is ready, or one that work elsewhere will give.
package enum MediaAnswer {
    case now(MediaResponse)
    case later(EventLoopFuture<MediaResponse>)
    /// The rest of the exchange is the relay's; only where the handler takes every method.
    case relay(any ExchangeRelay)
}
