/// `Via`, by which a request that comes round to an edge again is found. RFC 9110 §7.6.3
package enum ViaLoop {
    /// Whether a request has been through this edge.
    ///
    /// - Parameters:
    ///   - pseudonym: the edge's own, compared without case.
    ///   - fields: of the request, names in any case.
    /// - Returns: whether it would be in a loop.
    package static func contains(_ pseudonym: String, _ fields: [(String, String)]) -> Bool {
        let own = pseudonym.lowercased()
        return fields.contains { name, value in
            HTTPOctets.isNamed(name, "via")
                && HTTPOctets.elements(value).contains { receivedBy($0) == own }
        }
    }

    /// The fields with this edge added to `Via`, which becomes one line.
    package static func adding(
        _ pseudonym: String,
        _ fields: [(String, String)]
    ) -> [(String, String)] {
        let earlier = fields.filter { HTTPOctets.isNamed($0.0, "via") }.map(\.1)
        let others = fields.filter { !HTTPOctets.isNamed($0.0, "via") }
        return others + [("Via", (earlier + ["1.1 \(pseudonym)"]).joined(separator: ", "))]
    }

    /// The second word of `1.1 name (comment)`.
    private static func receivedBy(_ element: String) -> String? {
        let words = element.split { $0 == " " || $0 == "\t" }
        return words.count > 1 ? String(words[1]) : nil
    }
}
