extension SteeringInsertion {
    /// A manifest with `ContentSteering`, and `BaseURL` by which its service locations are named.
    ///
    /// - Parameters:
    ///   - text: a whole MPD.
    ///   - directory: the folder of the manifest's address, as players see it, with a slash at
    ///     both ends. With it all regions are written out, which players without pathway clones
    ///     understand; but where the path holds a viewer's token, the text is for that viewer
    ///     alone. Without it only this region stands in the text, and the rest are clones.
    /// - Returns: the manifest; as it was, where it has a `BaseURL` of its own.
    ///
    /// ETSI TS 103 998
    package func manifest(_ text: String, directory: String? = nil) -> String {
        guard text.utf8.count <= SteeringLimits.textSizeBytes,
            let root = text.firstRange(of: "<MPD"),
            let rootEnd = Self.tagEnd(text, root.upperBound),
            let period = text[rootEnd...].firstRange(of: "<Period")
        else { return text }
        let start = text.index(after: rootEnd)
        let head = text[start..<period.lowerBound]
        // A comment could hold anything; ours have none.
        guard !text[..<rootEnd].hasSuffix("/"),
            ["<ContentSteering", "<BaseURL", "<!--"].allSatisfy({ !head.contains($0) })
        else { return text }
        // The order of the schema: BaseURL follows ProgramInformation.
        let end = "</ProgramInformation>"
        var place = head.firstRange(of: end)?.upperBound ?? start
        if text[place...].first?.isNewline == true { place = text.index(after: place) }
        let newline = place > start || text[start...].first?.isNewline == true ? "" : "\n"
        return text[..<place] + newline + locations(directory) + text[place...]
    }

    /// Of the `>` that stands in no attribute's value.
    private static func tagEnd(_ text: String, _ start: String.Index) -> String.Index? {
        var quote: Character?
        for index in text[start...].indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == ">" {
                return index
            }
        }
        return nil
    }

    private func locations(_ directory: String?) -> String {
        var xml = ""
        if let directory {
            // No relative one among absolute ones: dash.js takes no other then.
            for region in [own] + configuration.regions.filter({ $0.id != own.id }) {
                xml += baseURL(region.id, region.baseURL + directory)
            }
        } else {
            xml += baseURL(own.id, "./")
        }
        // Absolute: dash.js resolves a relative one against the page.
        let server = own.baseURL + address(.dash, isCloned: directory == nil)
        xml += "<ContentSteering defaultServiceLocation=\"\(own.id)\">\(server)</ContentSteering>\n"
        return xml
    }

    private func baseURL(_ id: String, _ address: String) -> String {
        "<BaseURL serviceLocation=\"\(id)\">\(Self.escaped(address))</BaseURL>\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
    }
}
