/// `emsg` version 1: something that happens at a time of the presentation, for the application.
///
/// ISO/IEC 23009-1 §5.10.3.3
package struct EventMessageBox: Hashable, Sendable {
    package var schemeIDURI: String
    package var value: String
    package var timescale: UInt32
    package var presentationTime: UInt64
    /// 0xFFFFFFFF: not known.
    package var eventDuration: UInt32
    package var id: UInt32
    package var messageData: [UInt8]

    package init(
        schemeIDURI: String,
        value: String = "",
        timescale: UInt32,
        presentationTime: UInt64,
        eventDuration: UInt32,
        id: UInt32,
        messageData: [UInt8] = []
    ) {
        self.schemeIDURI = schemeIDURI
        self.value = value
        self.timescale = timescale
        self.presentationTime = presentationTime
        self.eventDuration = eventDuration
        self.id = id
        self.messageData = messageData
    }

    package func write(to writer: inout BoxWriter) {
        writer.fullBox("emsg", version: 1) {
            $0.append(timescale)
            $0.append(presentationTime)
            $0.append(eventDuration)
            $0.append(id)
            $0.append(zeroTerminated: schemeIDURI)
            $0.append(zeroTerminated: value)
            $0.append(contentsOf: messageData)
        }
    }
}
