/// What a player tells the server with a request.
///
/// CTA-5004 §3: keys sorted, strings quoted, buffer lengths and throughput rounded to 100.
package struct CMCD: Sendable, Equatable {
    package var bitrateKbps: Int?
    package var bufferMilliseconds: Int?
    package var contentID = ""
    package var objectDurationMilliseconds: Int?
    package var throughputKbps: Int?
    /// `m` playlist, `i` initialization, `v` video, `a` audio, `av` both.
    package var objectType = "v"
    package var sessionID = ""
    package var isLive = false
    package var isStarved = false
    package var isStartup = false
    package var topBitrateKbps: Int?

    package init() {}

    /// For the query, with its percent signs, after `CMCD=`.
    package var query: String {
        var text = ""
        for byte in fields.joined(separator: ",").utf8 {
            switch byte {
            case UInt8(ascii: "\""): text += "%22"
            case UInt8(ascii: ","): text += "%2C"
            case UInt8(ascii: "="): text += "%3D"
            default: text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return text
    }

    /// As fields of a request's head, each line with its end.
    package var headerLines: String {
        let object = ["br", "d", "ot", "tb"]
        let request = ["bl", "mtp", "su"]
        let status = ["bs"]
        var lines = ""
        func add(_ name: String, _ chosen: (String) -> Bool) {
            let values = fields.filter { field in chosen(String(field.prefix { $0 != "=" })) }
            if !values.isEmpty { lines += "\(name): \(values.joined(separator: ","))\r\n" }
        }
        add("CMCD-Object") { object.contains($0) }
        add("CMCD-Request") { request.contains($0) }
        add("CMCD-Session") { !(object + request + status).contains($0) }
        add("CMCD-Status") { status.contains($0) }
        return lines
    }

    private var fields: [String] {
        var fields: [String] = []
        if let bufferMilliseconds { fields.append("bl=\(bufferMilliseconds / 100 * 100)") }
        if let bitrateKbps { fields.append("br=\(bitrateKbps)") }
        if isStarved { fields.append("bs") }
        fields.append("cid=\"\(contentID)\"")
        if let objectDurationMilliseconds { fields.append("d=\(objectDurationMilliseconds)") }
        if let throughputKbps { fields.append("mtp=\(throughputKbps / 100 * 100)") }
        fields.append("ot=\(objectType)")
        fields.append("sf=h")
        fields.append("sid=\"\(sessionID)\"")
        fields.append("st=\(isLive ? "l" : "v")")
        if isStartup { fields.append("su") }
        if let topBitrateKbps { fields.append("tb=\(topBitrateKbps)") }
        return fields
    }
}
