/// The media header that each kind of track has: `vmhd`, `smhd` or `nmhd`.
///
/// ISO/IEC 14496-12 §8.4.5
package struct MediaInformationHeaderBox: Hashable, Sendable {
    package var kind: Track.Kind

    package init(kind: Track.Kind) {
        self.kind = kind
    }

    package func write(to writer: inout BoxWriter) {
        switch kind {
        case .video:
            // graphicsmode copy and its colour; the flag is required. §12.1.2
            writer.fullBox("vmhd", flags: 1) { $0.append(zeros: 8) }
        case .audio:
            // balance in the middle. §12.2.2
            writer.fullBox("smhd") { $0.append(zeros: 4) }
        case .text, .other:
            writer.fullBox("nmhd") { _ in }
        }
    }
}
