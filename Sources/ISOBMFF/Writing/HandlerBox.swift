/// `hdlr`: what a track is, and its name for people.
///
/// ISO/IEC 14496-12 §8.4.3
package struct HandlerBox: Hashable, Sendable {
    package var kind: Track.Kind
    package var name: String

    package init(kind: Track.Kind, name: String) {
        self.kind = kind
        self.name = name
    }

    package func write(to writer: inout BoxWriter) {
        writer.fullBox("hdlr") {
            $0.append(zeros: 4)  // pre_defined
            $0.append(kind.handlerType)
            $0.append(zeros: 12)
            $0.append(zeroTerminated: name)
        }
    }
}
