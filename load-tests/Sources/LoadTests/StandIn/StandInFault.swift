/// Something that goes wrong on purpose.
///
/// Ordered by `POST /fault?kind=…&match=…&count=…&value=…`.
package struct StandInFault: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The answer comes `value` milliseconds late.
        case delay
        /// Our side of the connection is closed in the middle of the body.
        case halfClose = "half-close"
        /// `Content-Length` says `value` bytes more than there are; then the connection closes.
        case wrongLength = "wrong-length"
        /// The connection is reset in the middle of the body.
        case reset
        /// The body stops in its middle and nothing more happens.
        case stall
        /// One byte of the body is another.
        case flip
        /// The answer is an error of the status `value`.
        case status
    }

    package var kind: Kind
    /// Only addresses that contain this.
    package var match: String
    /// So many answers yet; nil: until it is cleared.
    package var count: Int?
    package var value: Int

    package init(kind: Kind, match: String = "", count: Int? = nil, value: Int = 0) {
        self.kind = kind
        self.match = match
        self.count = count
        self.value = value
    }

    /// Nil where the query does not say one.
    init?(query: [String: String]) {
        guard let kind = query["kind"].flatMap(Kind.init) else { return nil }
        let defaults: [Kind: Int] = [.delay: 1000, .wrongLength: 100, .status: 500]
        self.init(
            kind: kind,
            match: query["match"] ?? "",
            count: query["count"].flatMap { Int($0) },
            value: query["value"].flatMap { Int($0) } ?? defaults[kind] ?? 0
        )
    }
}
