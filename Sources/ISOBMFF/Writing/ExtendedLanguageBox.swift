/// `elng`: the language as a BCP 47 tag.
///
/// ISO/IEC 14496-12 §8.4.6
package struct ExtendedLanguageBox: Hashable, Sendable {
    package var tag: String

    package init(tag: String) {
        self.tag = tag
    }

    package func write(to writer: inout BoxWriter) {
        writer.fullBox("elng") { $0.append(zeroTerminated: tag) }
    }
}
