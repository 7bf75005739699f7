/// `dinf` with a `dref` that says: the samples lie in this file.
///
/// ISO/IEC 14496-12 §8.7.1, §8.7.2
package struct DataInformationBox: Hashable, Sendable {
    package init() {}

    package func write(to writer: inout BoxWriter) {
        writer.box("dinf") {
            $0.fullBox("dref") {
                $0.append(UInt32(1))
                $0.fullBox("url ", flags: 1) { _ in }
            }
        }
    }
}
