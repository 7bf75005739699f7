package import NIOCore

/// All that the first slice says of an object, but its body.
///
/// Lives are kept relative to the moment of the store, which is kept in wall time: monotonic clocks
/// mean nothing in another process. A wall clock that was set back makes an object as old as it was
/// when it was stored, at the least, and never lets it live longer than it was to live then.
package struct ObjectDescription {
    package var key: CacheKey
    package var head: StoredHead
    package var kind: UInt8
    /// Milliseconds since 1970.
    var storedAt: Int64
    /// Milliseconds before the store.
    var ageMilliseconds: Int64
    /// Milliseconds after the store; negative where it was over by then.
    var freshMilliseconds: Int64
    var staleWhileRevalidateMilliseconds: Int64
    var staleIfErrorMilliseconds: Int64

    package init(of object: CachedObject, key: CacheKey, now: Int64, wallNow: Int64) {
        let freshness = object.freshness
        self.key = key
        head = object.head
        kind = object.kind
        storedAt = wallNow
        ageMilliseconds = Self.bounded(now - freshness.bornAt)
        freshMilliseconds = Self.bounded(freshness.freshUntil - now)
        staleWhileRevalidateMilliseconds = Self.bounded(freshness.staleWhileRevalidateUntil - now)
        staleIfErrorMilliseconds = Self.bounded(freshness.staleIfErrorUntil - now)
    }

    package func freshness(now: Int64, wallNow: Int64) -> Freshness {
        let storedAt = now - min(max(0, wallNow - storedAt), MemcachedLimits.lifeMilliseconds)
        return Freshness(
            bornAt: storedAt - ageMilliseconds,
            freshUntil: storedAt + freshMilliseconds,
            staleWhileRevalidateUntil: storedAt + staleWhileRevalidateMilliseconds,
            staleIfErrorUntil: storedAt + staleIfErrorMilliseconds
        )
    }

    private static func bounded(_ milliseconds: Int64) -> Int64 {
        max(-MemcachedLimits.lifeMilliseconds, min(milliseconds, MemcachedLimits.lifeMilliseconds))
    }
}

// MARK: - Bytes

extension ObjectDescription {
    private struct Presence: OptionSet {
        let rawValue: UInt8
        static let entityTag = Presence(rawValue: 1)
        static let lastModified = Presence(rawValue: 2)
        static let totalSize = Presence(rawValue: 4)
        static let all: Presence = [.entityTag, .lastModified, .totalSize]
    }

    func write(to bytes: inout ByteBuffer) {
        for time in [
            storedAt, ageMilliseconds, freshMilliseconds, staleWhileRevalidateMilliseconds,
            staleIfErrorMilliseconds,
        ] {
            bytes.writeInteger(time, endianness: .little)
        }
        bytes.writeInteger(kind)
        bytes.writeInteger(UInt16(clamping: head.status), endianness: .little)
        var presence: Presence = []
        if head.entityTag != nil { presence.insert(.entityTag) }
        if head.lastModified != nil { presence.insert(.lastModified) }
        if head.totalSizeBytes != nil { presence.insert(.totalSize) }
        bytes.writeInteger(presence.rawValue)
        bytes.writeInteger(head.lastModified ?? 0, endianness: .little)
        bytes.writeInteger(head.totalSizeBytes ?? 0, endianness: .little)
        bytes.writeText(key.text)
        bytes.writeText(head.contentType)
        bytes.writeText(head.cacheControl)
        bytes.writeText(head.entityTag ?? "")
        bytes.writeInteger(UInt32(head.fields.count), endianness: .little)
        for field in head.fields {
            bytes.writeText(field.name)
            bytes.writeText(field.value)
        }
        bytes.writeInteger(UInt32(head.tags.count), endianness: .little)
        for tag in head.tags { bytes.writeText(tag) }
    }

    /// Reads all of `bytes`, which are not to be trusted.
    package init(reading bytes: inout ByteBuffer) throws(StoredValueError) {
        storedAt = try bytes.take()
        ageMilliseconds = try bytes.takeLife()
        freshMilliseconds = try bytes.takeLife()
        staleWhileRevalidateMilliseconds = try bytes.takeLife()
        staleIfErrorMilliseconds = try bytes.takeLife()
        // What a difference of it and a clock may be, without an overflow.
        guard storedAt >= 0, storedAt <= Int64.max / 2 else { throw .malformed }
        kind = try bytes.take()
        let status: UInt16 = try bytes.take()
        guard (200...599).contains(status) else { throw .malformed }
        let presence = Presence(rawValue: try bytes.take())
        guard Presence.all.isSuperset(of: presence) else { throw .malformed }
        let lastModified: Int64 = try bytes.take()
        let totalSizeBytes: UInt64 = try bytes.take()
        key = CacheKey(try bytes.takeText())
        head = StoredHead(
            status: Int(status),
            contentType: try bytes.takeText(),
            cacheControl: try bytes.takeText()
        )
        let entityTag = try bytes.takeText()
        head.entityTag = presence.contains(.entityTag) ? entityTag : nil
        head.lastModified = presence.contains(.lastModified) ? lastModified : nil
        head.totalSizeBytes = presence.contains(.totalSize) ? totalSizeBytes : nil
        let fieldCount: UInt32 = try bytes.take()
        guard fieldCount <= MemcachedLimits.fieldCount else { throw .malformed }
        for _ in 0..<fieldCount {
            let name = try bytes.takeText()
            guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: ":") })
            else { throw .malformed }
            head.fields.append((name, try bytes.takeText()))
        }
        let tagCount: UInt32 = try bytes.take()
        guard tagCount <= MemcachedLimits.tagCount else { throw .malformed }
        for _ in 0..<tagCount { head.tags.append(try bytes.takeText()) }
        guard bytes.readableBytes == 0 else { throw .malformed }
    }
}

extension ByteBuffer {
    fileprivate mutating func writeText(_ text: String) {
        writeInteger(UInt32(text.utf8.count), endianness: .little)
        writeString(text)
    }

    fileprivate mutating func take<Number: FixedWidthInteger>() throws(StoredValueError) -> Number {
        guard let number: Number = readInteger(endianness: .little) else { throw .malformed }
        return number
    }

    fileprivate mutating func takeLife() throws(StoredValueError) -> Int64 {
        let milliseconds: Int64 = try take()
        guard milliseconds.magnitude <= MemcachedLimits.lifeMilliseconds.magnitude else {
            throw .malformed
        }
        return milliseconds
    }

    /// UTF-8 that may stand in a head: a server that lies does not add lines to it.
    fileprivate mutating func takeText() throws(StoredValueError) -> String {
        let sizeBytes: UInt32 = try take()
        guard sizeBytes <= readableBytes, let bytes = readSlice(length: Int(sizeBytes)) else {
            throw .malformed
        }
        let view = bytes.readableBytesView
        guard view.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }),
            let text = String(validating: view, as: UTF8.self)
        else { throw .malformed }
        return text
    }
}
