extension AccessGate {
    enum Finding {
        case none
        case brought(VerifiedToken)
        case redirect(String)
    }

    /// Finds and checks a request's token: in its path, in its query, in its cookies.
    ///
    /// The first place that has one decides, so that a bad token in an address is not hidden by a good
    /// cookie. Query and cookies are looked at for protected paths only: elsewhere `token` is another's
    /// name.
    func find(
        _ request: AccessRequest,
        _ target: Target,
        at time: AccessTime,
        header: (String) -> String?
    ) throws(AccessRefusal) -> Finding {
        guard let verifier else { return .none }
        let bytes = request.path.utf8.span
        let path = bytes.extracting(target.start..<bytes.count)

        func verify(_ token: Span<UInt8>) throws(AccessRefusal) -> VerifiedToken {
            do throws(AccessTokenError) {
                return try verifier.verify(
                    token,
                    path: path,
                    client: request.client,
                    now: time.unixSeconds
                )
            } catch {
                throw .token(error)
            }
        }

        if let token = target.token { return .brought(try verify(bytes.extracting(token))) }
        guard target.isProtected else { return .none }
        if let query = request.query, let range = QueryToken.find(query.utf8.span) {
            _ = try verify(query.utf8.span.extracting(range))
            return .redirect(Self.address(request.path, query, token: range))
        }
        return try findCookie(header("cookie"), verify)
    }

    /// The first cookie that opens the path; the last one's failure where none does.
    private func findCookie(
        _ field: String?,
        _ verify: (Span<UInt8>) throws(AccessRefusal) -> VerifiedToken
    ) throws(AccessRefusal) -> Finding {
        var failure = AccessRefusal.tokenMissing
        if let field {
            for range in CookieTokens.find(field.utf8.span) {
                do throws(AccessRefusal) {
                    return .brought(try verify(field.utf8.span.extracting(range)))
                } catch {
                    failure = error
                }
            }
        }
        // A browser sends cookies unasked, so where none is needed a bad one does no harm.
        if configuration.isTokenOptional { return .none }
        throw failure
    }

    /// The address with its token in the path.
    ///
    /// It begins with `/_t/`, so it is of this host whatever the path looks like.
    private static func address(_ path: String, _ query: String, token: Range<Int>) -> String {
        let token = String(query.utf8.dropFirst(token.lowerBound).prefix(token.count)) ?? ""
        let rest = QueryToken.removed(from: query)
        return TokenPath.lead + token + path + (rest.isEmpty ? "" : "?" + rest)
    }
}
