/// What the freshness of an answer is decided from.
package struct AnswerFacts: Sendable {
    /// Of an answer that confirms a stored one (304): the stored answer's status, and its fields
    /// with those of the confirmation in their place. RFC 9111 §4.3.4
    package var status: Int
    /// Names in lower case; lines of the same name in order.
    package var fields: [(name: String, value: String)]
    package var kind: ContentKind
    /// Whether the request was HEAD.
    package var isHead = false
    /// Whether the request went upstream with `Authorization`. RFC 9111 §3.5
    package var hasAuthorization = false
    /// When the request went out and when the head of its answer came, in monotonic milliseconds.
    package var requestedAt: Int64
    package var receivedAt: Int64

    package init(
        status: Int,
        fields: [(name: String, value: String)],
        kind: ContentKind,
        isHead: Bool = false,
        hasAuthorization: Bool = false,
        requestedAt: Int64,
        receivedAt: Int64
    ) {
        self.status = status
        self.fields = fields
        self.kind = kind
        self.isHead = isHead
        self.hasAuthorization = hasAuthorization
        self.requestedAt = requestedAt
        self.receivedAt = receivedAt
    }

    func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

    /// The values of a field, joined by commas. RFC 9110 §5.3
    func value(_ name: String) -> String? {
        var joined: String?
        for field in fields where field.name == name {
            joined = joined.map { $0 + ", " + field.value } ?? field.value
        }
        return joined
    }

    /// When the answer's age was 0: before the request left, by what caches on the way say of its
    /// age. RFC 9111 §4.2.3
    ///
    /// `Date` is not compared with this machine's clock, as §4.2.3 allows where every hop counts:
    /// a clock that is off by seconds would move players of a live stream. The time that a held
    /// request took is no age either: its answer was made when the hold ended.
    var bornAt: Int64 {
        let first = value("age")?.split(separator: ",", omittingEmptySubsequences: false).first
        let text = first.map { $0.filter { $0 != " " && $0 != "\t" } }
        let age = DeltaSeconds.read(text.map { String($0) }) ?? 0
        return (kind.isHeld ? receivedAt : min(requestedAt, receivedAt)) - age * 1000
    }
}
