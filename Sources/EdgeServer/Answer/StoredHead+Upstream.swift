package import EdgeCache
import MediaHTTP

extension StoredHead {
    /// What of an origin's head is kept: with what is meant for caches alone, as an edge may ask for
    /// the same after a player did.
    package init(_ head: UpstreamHead) {
        var fields: [(name: String, value: String)] = []
        var tags: [String] = []
        for field in head.fields {
            switch field.name {
            case "content-type", "cache-control", "last-modified", "age", "date", "x-request-id",
                "accept-ranges", "content-range", "content-length", "connection",
                "access-control-allow-origin", "access-control-expose-headers",
                "timing-allow-origin", "cross-origin-resource-policy":
                // The lane makes these itself.
                break
            case "etag" where StoredHead.strongTag(head) != nil: break
            case "vary" where field.value.lowercased() == "accept-encoding": break
            case "cache-tag", "surrogate-key":
                tags += field.value.split { $0 == "," || $0 == " " }.map(String.init)
                fields.append(field)
            default: fields.append(field)
            }
        }
        self.init(
            status: head.status == 206 ? 200 : head.status,
            contentType: head.value("content-type") ?? "",
            cacheControl: head.value("cache-control") ?? "",
            entityTag: Self.strongTag(head),
            lastModified: head.value("last-modified").flatMap(HTTPDate.parse),
            totalSizeBytes: ContentRange(head.value("content-range") ?? "")?.totalSizeBytes,
            fields: fields,
            tags: tags
        )
    }

    /// What players get.
    var fieldsForPlayers: [(String, String)] {
        fields.lazy.filter { !SurrogateFields.isForEdgesOnly($0.name) }.map { ($0.name, $0.value) }
    }

    /// What only edges get.
    var fieldsForEdges: [(String, String)] {
        fields.lazy.filter { SurrogateFields.isForEdgesOnly($0.name) }.map { ($0.name, $0.value) }
    }

    /// The opaque part of a strong tag. RFC 9110 §8.8.3
    static func strongTag(_ head: UpstreamHead) -> String? {
        guard let text = head.value("etag"), text.utf8.count >= 2, text.hasPrefix("\""),
            text.hasSuffix("\"")
        else { return nil }
        let tag = text.dropFirst().dropLast()
        guard tag.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }) else {
            return nil
        }
        return String(tag)
    }

    /// What a 304 says anew. RFC 9111 §3.2
    func updated(by head: UpstreamHead) -> StoredHead {
        var updated = self
        if let value = head.value("cache-control") { updated.cacheControl = value }
        return updated
    }
}

extension MediaResponse {
    /// With what is meant for caches where an edge asks.
    func told(_ head: StoredHead?, isForEdge: Bool) -> MediaResponse {
        guard isForEdge, let head else { return self }
        var response = self
        response.extraHeaders += head.fieldsForEdges
        return response
    }
}

extension UpstreamHead {
    /// A 304 as the answer that it stands for, with what it does not say again.
    func completed(from stored: StoredHead) -> UpstreamHead {
        var head = self
        head.status = stored.status
        if head.value("cache-control") == nil, !stored.cacheControl.isEmpty {
            head.fields.append(("cache-control", stored.cacheControl))
        }
        return head
    }
}
