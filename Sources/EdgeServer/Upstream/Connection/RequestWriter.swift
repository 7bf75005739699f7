import NIOCore

/// Writes request heads. RFC 9112 §3
struct RequestWriter {
    let origin: OriginURL
    let configuration: UpstreamConfiguration
    /// Asks the origin to close after the answer.
    var closes = false

    /// The whole head; nothing where a part of it could be read as something else.
    func head(_ request: UpstreamRequest) -> ByteBuffer? {
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(HTTPOctets.isToken),
            !request.target.isEmpty, request.target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return nil }
        var head = ByteBufferAllocator().buffer(capacity: 512)
        head.writeString(request.method)
        head.writeStaticString(" ")
        head.writeString(request.target)
        head.writeStaticString(" HTTP/1.1\r\nHost: ")
        head.writeString(request.host ?? origin.authority)
        head.writeStaticString("\r\n")
        for (name, value) in ViaLoop.adding(configuration.pseudonym, request.fields)
        where !isOurs(name) {
            guard !name.isEmpty, name.utf8.allSatisfy(HTTPOctets.isToken),
                value.utf8.allSatisfy(HTTPOctets.isFieldValue)
            else { return nil }
            write(name, value, &head)
        }
        if let secret = configuration.sharedSecret { write(secret.fieldName, secret.value, &head) }
        switch request.bodySize {
        case .none: break
        case .sized(let sizeBytes): write("Content-Length", "\(sizeBytes)", &head)
        case .unknown: write("Transfer-Encoding", "chunked", &head)
        }
        if request.isUpgrade { write("Connection", "Upgrade", &head) }
        if closes { write("Connection", "close", &head) }
        head.writeStaticString("\r\n")
        return head
    }

    /// Fields that the connection makes, or that a viewer might forge.
    private func isOurs(_ name: String) -> Bool {
        for own in ["host", "content-length", "transfer-encoding", "connection"]
        where HTTPOctets.isNamed(name, own) { return true }
        guard let secret = configuration.sharedSecret else { return false }
        return HTTPOctets.isNamed(name, secret.fieldName.lowercased())
    }

    private func write(_ name: String, _ value: String, _ head: inout ByteBuffer) {
        head.writeString(name)
        head.writeStaticString(": ")
        head.writeString(value)
        head.writeStaticString("\r\n")
    }
}

extension UpstreamRequest {
    var isUpgrade: Bool { fields.contains { HTTPOctets.isNamed($0.0, "upgrade") } }

    /// Whether it may be sent again when nobody knows what became of it. RFC 9110 §9.2.2
    var isRepeatable: Bool {
        guard bodySize == .none, !isUpgrade else { return false }
        switch method {
        case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE": return true
        default: return false
        }
    }
}
