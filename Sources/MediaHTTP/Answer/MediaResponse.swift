import NIOCore

/// What a handler answers: the lane makes the head, ranges, conditions and encodings of it.
package struct MediaResponse: Sendable {
    package var status: Int { didSet { preparedFields = nil } }
    package var kind: MediaKind
    package var contentType: String { didSet { preparedFields = nil } }
    package var cacheControl: String { didSet { preparedFields = nil } }
    /// The opaque part of a strong tag, without quotes and of visible ASCII; the lane quotes it and
    /// makes another one for each encoding.
    package var entityTag: String? { didSet { preparedFields = nil } }
    /// Unix seconds.
    package var lastModified: Int64? { didSet { preparedFields = nil } }
    /// For how long caches have had it; nothing where it comes from where it was made.
    package var ageSeconds: Int64?
    /// Further fields; control bytes in them are replaced by spaces.
    package var extraHeaders: [(String, String)] { didSet { preparedFields = nil } }
    package var body: MediaBody { didSet { preparedFields = nil } }
    /// Told how many bytes were given to the socket, when the answer is over.
    package var onSent: (@Sendable (UInt64) -> Void)?
    /// What `prepareFields` made; gone with the first change of what it was made of.
    private(set) var preparedFields: ByteBuffer?

    package init(
        status: Int,
        kind: MediaKind,
        contentType: String,
        cacheControl: String,
        entityTag: String? = nil,
        lastModified: Int64? = nil,
        extraHeaders: [(String, String)] = [],
        body: MediaBody
    ) {
        self.status = status
        self.kind = kind
        self.contentType = contentType
        self.cacheControl = cacheControl
        self.entityTag = entityTag
        self.lastModified = lastModified
        self.extraHeaders = extraHeaders
        self.body = body
    }

    /// Writes the fields that are the same each time the answer is given in whole, for answers that
    /// are kept and given often.
    package mutating func prepareFields() {
        let representation = Representation(self, gzip: nil, conditions: .init())
        guard representation.isWhole else { return }
        var fields = ByteBuffer()
        HeadWriter.writeFields(representation, of: self, to: &fields)
        preparedFields = fields
    }

    /// To a preflight request for media, by a handler that is asked. Fetch §3.2
    package static var preflight: MediaResponse {
        MediaResponse(
            status: 204,
            kind: .other,
            contentType: "",
            cacheControl: "",
            extraHeaders: [
                ("Allow", "GET, HEAD, OPTIONS"),
                ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
                (
                    "Access-Control-Allow-Headers",
                    "*, Range, If-Range, If-None-Match, X-Request-Id"
                ),
                ("Access-Control-Max-Age", "86400"),
            ],
            body: .empty
        )
    }

    /// A short JSON error, as every listener of the product answers it.
    ///
    /// - Parameters:
    ///   - status: of the answer.
    ///   - code: `snake_case`, for programs.
    ///   - message: for a person; escaped here.
    ///   - cacheControl: how long others may repeat it.
    ///   - extraHeaders: further fields.
    /// - Returns: the answer, of kind `error`.
    package static func error(
        status: Int,
        code: String,
        message: String,
        cacheControl: String = "no-store",
        extraHeaders: [(String, String)] = []
    ) -> MediaResponse {
        var json = JSONBuffer()
        json.append(#"{"error":{"code":"#)
        json.appendString(code)
        json.append(#","message":"#)
        json.appendString(message)
        json.append("}}\n")
        return MediaResponse(
            status: status,
            kind: .error,
            contentType: "application/json",
            cacheControl: cacheControl,
            extraHeaders: extraHeaders,
            body: .bytes(json.buffer)
        )
    }
}
