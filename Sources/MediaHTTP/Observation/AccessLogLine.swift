/// One request as a line of JSON.
extension JSONBuffer {
    mutating func appendLine(_ record: RequestRecord, unixSeconds: Int64) {
        append(#"{"time":"#)
        appendNumber(unixSeconds)
        append(#","request_id":"#)
        appendString(record.requestID.description)
        append(#","peer":"#)
        appendString(record.peerAddress)
        append(#","method":"#)
        appendString(record.method)
        append(#","path":"#)
        appendString(record.path)
        append(#","kind":"#)
        appendString(record.kind.label)
        append(#","status":"#)
        appendNumber(record.status)
        append(#","bytes":"#)
        appendNumber(record.bytesSent)
        append(#","first_byte_us":"#)
        appendNumber(record.firstByteTime.wholeMicroseconds)
        append(#","total_us":"#)
        appendNumber(record.totalTime.wholeMicroseconds)
        append(record.wasAborted ? #","aborted":true}"# : "}")
        append("\n")
    }
}

extension Duration {
    fileprivate var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
