/// What the edge tells with an answer: CTA-5006's Common Media Server Data.
///
/// Values for `extraHeaders`; nothing where there is nothing to tell. Written as RFC 8941 has it.
package enum CMSDAnswer {
    /// `CMSD-Static`: what holds for the object wherever it is kept.
    package struct Static: Hashable, Sendable {
        /// As in CMCD: `ot`.
        package var objectType: CMCDData.ObjectType?
        /// Likewise: `sf`.
        package var streamingFormat: CMCDData.StreamingFormat?
        /// Likewise: `st`.
        package var streamType: CMCDData.StreamType?
        /// Likewise: `br`.
        package var encodedBitrateKbps: UInt64?
        /// Likewise: `d`.
        package var objectDurationMilliseconds: UInt64?
        /// How long a blocking request was held: `ht`.
        package var heldMilliseconds: UInt64?
        /// Who answers first in the chain: `n`.
        package var name: String?

        package init() {}

        package var value: String? {
            var members: [String] = []
            if let objectType { members.append("ot=\(objectType.rawValue)") }
            if let streamingFormat { members.append("sf=\(streamingFormat.rawValue)") }
            if let streamType { members.append("st=\(streamType.rawValue)") }
            if let encodedBitrateKbps { members.append("br=\(encodedBitrateKbps)") }
            if let objectDurationMilliseconds { members.append("d=\(objectDurationMilliseconds)") }
            if let heldMilliseconds { members.append("ht=\(heldMilliseconds)") }
            if let name { members.append("n=\(CMSDAnswer.quoted(name))") }
            return members.isEmpty ? nil : members.joined(separator: ",")
        }
    }

    /// One member of `CMSD-Dynamic`: how this hop stands right now.
    package struct Dynamic: Hashable, Sendable {
        /// This edge, the same in all of its answers.
        package var name: String
        /// To the client: `etp`.
        package var estimatedThroughputKbps: UInt64?
        /// What clients are asked not to exceed: `mb`.
        package var maximumSuggestedBitrateKbps: UInt64?
        /// From the request's arrival to the answer's first byte: `rd`.
        package var responseDelayMilliseconds: UInt64?
        /// To the client: `rtt`.
        package var roundTripMilliseconds: UInt64?
        /// This hop is overloaded: `du`.
        package var isUnderDuress = false

        package init(name: String) {
            self.name = name
        }

        /// Appended to what came from upstream, if anything did: the nearest hop stands last.
        package func value(after upstream: String? = nil) -> String {
            var value = upstream.map { $0 + "," } ?? ""
            value += CMSDAnswer.quoted(name)
            if let estimatedThroughputKbps { value += ";etp=\(estimatedThroughputKbps)" }
            if let maximumSuggestedBitrateKbps { value += ";mb=\(maximumSuggestedBitrateKbps)" }
            if let responseDelayMilliseconds { value += ";rd=\(responseDelayMilliseconds)" }
            if let roundTripMilliseconds { value += ";rtt=\(roundTripMilliseconds)" }
            if isUnderDuress { value += ";du" }
            return value
        }
    }

    /// A string of RFC 8941 §3.3.3; what it cannot hold is left out.
    fileprivate static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars where (0x20..<0x7F).contains(scalar.value) {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
