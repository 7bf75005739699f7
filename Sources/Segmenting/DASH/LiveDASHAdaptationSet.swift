import Packaging

/// Tracks of a live period that a player may switch between.
///
/// ISO/IEC 23009-1 §5.3.3
struct LiveDASHAdaptationSet {
    var representations: [LiveDASHRepresentation]
    var segments: LiveDASHSegments

    /// In the order of their first tracks.
    static func grouped(_ representations: [LiveDASHRepresentation]) -> [[LiveDASHRepresentation]] {
        var keys: [LiveDASHRepresentation.SetKey] = []
        var groups: [LiveDASHRepresentation.SetKey: [LiveDASHRepresentation]] = [:]
        for representation in representations {
            let key = representation.setKey
            if groups[key] == nil { keys.append(key) }
            groups[key, default: []].append(representation)
        }
        return keys.compactMap { groups[$0] }
    }

    func write(facts: LiveDASHFacts, to writer: inout TextWriter) {
        guard let first = representations.first else { return }
        let track = first.track
        let kind = track.kind == .video ? "video" : "audio"
        writer.append("<AdaptationSet")
        writer.xml("id", (track.kind == .video ? 1 : 101) + Int(first.liveTrack.id.index))
        writer.xml("contentType", kind)
        writer.xml("mimeType", kind + "/mp4")
        if !track.language.isEmpty, track.language != "und" { writer.xml("lang", track.language) }
        writer.xml("segmentAlignment", "true")
        if representations.allSatisfy({ $0.segments.allSatisfy(\.start.isIndependent) }) {
            writer.xml("startWithSAP", 1)
        }
        if track.kind == .video { writeLargest(to: &writer) }
        writer.append(">\n")
        writeDescriptors(of: first, facts: facts, to: &writer)
        writeRepresentations(to: &writer)
        writer.append("</AdaptationSet>\n")
    }

    /// The order is the schema's. ISO/IEC 23009-1 §5.3.7.3
    private func writeDescriptors(
        of first: LiveDASHRepresentation,
        facts: LiveDASHFacts,
        to writer: inout TextWriter
    ) {
        if let id = segments.period.continuedID {
            let scheme = "urn:mpeg:dash:period-continuity:2015"
            DASHDescriptor.write("SupplementalProperty", scheme, id, to: &writer)
        }
        for scheme in facts.eventSchemes {
            writer.append("<InbandEventStream")
            writer.xml("schemeIdUri", scheme)
            writer.append("/>\n")
        }
        DASHDescriptor.writeProperties(of: first.track, to: &writer)
        writeProducerTime(of: first, facts: facts, to: &writer)
        if !segments.isListed, let part = segments.partTargetMicroseconds,
            segments.period.segmentDuration != nil
        {
            writer.append("<Resync")
            writer.xml("type", first.track.kind == .audio ? 1 : 0)
            let target = MediaTime(part, timescale: 1_000_000)
            writer.xml("dT", target.roundedUp(toTimescale: segments.period.mediaStart.timescale))
            writer.append("/>\n")
        }
        DASHDescriptor.writeRoles(of: first.track, to: &writer)
    }

    /// Which wall clock the newest segment's first sample had; what segments carry as `prft` too.
    private func writeProducerTime(
        of first: LiveDASHRepresentation,
        facts: LiveDASHFacts,
        to writer: inout TextWriter
    ) {
        guard let newest = first.segments.last else { return }
        let isNumbered = segments.period.segmentDuration != nil && !segments.isListed
        let timescale = isNumbered ? segments.period.mediaStart.timescale : newest.timescale
        writer.append("<ProducerReferenceTime")
        writer.xml("id", LiveDASH.producerTimeID)
        writer.xml("inband", "true")
        writer.xml("type", "encoder")
        writer.xml("presentationTime", newest.mediaStart.rounded(toTimescale: timescale))
        writer.xml("wallClockTime", date: newest.start.programDateTime)
        writer.append(">\n")
        LiveDASH.writeTiming(facts, to: &writer)
        writer.append("</ProducerReferenceTime>\n")
    }

    /// One template for all where they have the same, with `$RepresentationID$` in its addresses.
    private func writeRepresentations(to writer: inout TextWriter) {
        let templates = representations.map { representation in
            var text = TextWriter(capacity: 512)
            segments.write(representation, to: &text)
            return text.bytes
        }
        let isShared = templates.allSatisfy { $0 == templates[0] }
        if isShared { writer.append(templates[0]) }
        for (representation, template) in zip(representations, templates) {
            DASHRepresentation(track: representation.track, bandwidth: representation.bandwidth)
                .write(content: isShared ? [] : template, to: &writer)
        }
    }

    private func writeLargest(to writer: inout TextWriter) {
        let tracks = representations.map(\.track)
        let pictures = tracks.compactMap(\.dashPicture)
        guard let first = pictures.first else { return }
        writer.xml("maxWidth", pictures.map(\.width).max() ?? 0)
        writer.xml("maxHeight", pictures.map(\.height).max() ?? 0)
        let fastest = tracks.max { $0.frameRateThousandths < $1.frameRateThousandths }
        if let rate = fastest?.dashFrameRate { writer.xml("maxFrameRate", rate) }
        if pictures.allSatisfy({ $0.hasAspectRatio(of: first) }) {
            writer.xml("par", first.aspectRatio)
        }
    }
}
