/// `trak`: one track of a `moov` that is written, CMAF header and whole file alike.
///
/// ISO/IEC 14496-12 §8.3.1
package struct TrackBox: Hashable, Sendable {
    package var header: TrackHeaderBox
    package var kind: Track.Kind
    /// For people; stands in `hdlr`.
    package var name: String
    package var media: MediaHeaderBox
    /// Empty: the whole track from its start, and no `edts` is written.
    package var edits: [EditListBox.Entry]
    package var sampleTable: SampleTableBox

    package init(
        header: TrackHeaderBox,
        kind: Track.Kind,
        name: String = "",
        media: MediaHeaderBox,
        edits: [EditListBox.Entry] = [],
        sampleTable: SampleTableBox
    ) {
        self.header = header
        self.kind = kind
        self.name = name
        self.media = media
        self.edits = edits
        self.sampleTable = sampleTable
    }

    package func write(to writer: inout BoxWriter) {
        writer.box("trak") {
            header.write(to: &$0)
            if !edits.isEmpty {
                EditListBox(entries: edits).write(to: &$0)
            }
            $0.box("mdia") {
                media.write(to: &$0)
                HandlerBox(kind: kind, name: name).write(to: &$0)
                if !PackedLanguage.isWhole(media.language) {
                    ExtendedLanguageBox(tag: media.language).write(to: &$0)
                }
                $0.box("minf") {
                    MediaInformationHeaderBox(kind: kind).write(to: &$0)
                    DataInformationBox().write(to: &$0)
                    sampleTable.write(to: &$0)
                }
            }
        }
    }
}
