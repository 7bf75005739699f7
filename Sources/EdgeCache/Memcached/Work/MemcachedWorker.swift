internal import Logging
internal import NIOCore
internal import Platform

/// What one thread of the tier does, with a handle of its own.
struct MemcachedWorker {
    let client: MemcachedClient
    let configuration: MemcachedConfiguration
    let surroundings: MemcachedSurroundings
    let health: MemcachedHealth
    let counters: MemcachedCounters
    /// Where slices are put together before they are sent.
    var slice = ByteBuffer()

    mutating func run(_ queue: WorkQueue, thread: Int) {
        while true {
            switch queue.next(for: thread) {
            case .lookup(let lookup): answer(lookup)
            case .change(let change): make(change)
            case .stop: return
            }
        }
    }

    // MARK: - Look-ups

    private func answer(_ lookup: MemcachedLookup) {
        let key = MemcachedKey(lookup.key)
        let server = client.server(for: key.bytes)
        guard lookup.starts(with: server) else { return }
        guard health.admits(server, at: surroundings.monotonicMilliseconds()) else {
            guard lookup.settles() else { return }
            counters.skippedLookups.add()
            report(inTime: false)
            lookup.succeed(with: nil)
            return
        }
        do {
            let object = try read(lookup.key, named: key)
            end(lookup, with: object, server: server, answeredWell: true)
        } catch let failure as MemcachedFailure {
            counters.count(failure)
            end(lookup, with: nil, server: server, answeredWell: false)
        } catch let error as StoredValueError {
            // Slices that do not fit together come of evictions and of stores at the same time.
            let isFault = error == .malformed || error == .wrongChecksum
            (isFault ? counters.malformedAnswers : counters.incompleteObjects).add()
            end(lookup, with: nil, server: server, answeredWell: !isFault)
        } catch {
            end(lookup, with: nil, server: server, answeredWell: false)
        }
    }

    private func end(
        _ lookup: MemcachedLookup,
        with object: CachedObject?,
        server: Int,
        answeredWell: Bool
    ) {
        // One that is late has been counted against its server when its time was up.
        guard lookup.settles() else { return }
        defer { lookup.succeed(with: object) }
        health.serverAnswered(server, well: answeredWell, at: surroundings.monotonicMilliseconds())
        report(inTime: answeredWell)
        guard answeredWell else { return }
        if let object {
            counters.hits.add()
            counters.readBytes.add(UInt64(object.body.sizeBytes))
        } else {
            counters.misses.add()
        }
    }

    private func report(inTime: Bool) {
        health.lookupEnded(inTime: inTime, at: surroundings.monotonicMilliseconds())
    }

    private func read(_ key: CacheKey, named name: MemcachedKey) throws -> CachedObject? {
        guard let first = try client.value(of: name.bytes) else { return nil }
        var assembly = try ObjectAssembly(
            first: first,
            key: key,
            largestObjectBytes: configuration.largestObjectBytes
        )
        if assembly.sliceCount > 1 {
            try client.slices(of: name, into: &assembly)
        }
        return try assembly.object(
            now: surroundings.monotonicMilliseconds(),
            wallNow: surroundings.wallMilliseconds()
        )
    }

    // MARK: - Changes

    private mutating func make(_ change: MemcachedChange) {
        switch change {
        case .store(let object, let key, let description):
            store(object, MemcachedKey(key), description)
        case .remove(let key):
            remove(MemcachedKey(key))
        case .removeAll:
            do throws(MemcachedFailure) {
                try client.removeAll()
                counters.removals.add()
            } catch {
                counters.count(error)
                counters.failedRemovals.add()
            }
        }
    }

    private mutating func store(
        _ object: CachedObject,
        _ key: MemcachedKey,
        _ description: ObjectDescription
    ) {
        let server = client.server(for: key.bytes)
        let wallNow = surroundings.wallMilliseconds()
        guard health.isClosed(server), let expiration = description.expiration(wallNow: wallNow),
            let sliced = SlicedObject(
                object,
                description: description,
                version: surroundings.version(),
                sliceSizeBytes: configuration.sliceSizeBytes
            )
        else {
            counters.failedStores.add()
            return
        }
        do throws(MemcachedFailure) {
            // The first slice comes last: what it speaks of is there when it is.
            for index in (0..<sliced.sliceCount).reversed() {
                sliced.write(slice: index, to: &slice)
                let name = key.slice(index)
                try client.store(slice, as: name, placedBy: key.bytes, expiration: expiration)
            }
            counters.stores.add()
            counters.writtenBytes.add(UInt64(sliced.bodySizeBytes))
        } catch {
            fail(server, error)
            counters.failedStores.add()
        }
    }

    /// Without its first slice, an object is no more; the others go when room is needed.
    private func remove(_ key: MemcachedKey) {
        let server = client.server(for: key.bytes)
        do throws(MemcachedFailure) {
            try client.remove(key.bytes)
            counters.removals.add()
        } catch {
            fail(server, error)
            counters.failedRemovals.add()
        }
    }

    private func fail(_ server: Int, _ failure: MemcachedFailure) {
        counters.count(failure)
        health.serverAnswered(server, well: false, at: surroundings.monotonicMilliseconds())
    }
}

extension MemcachedClient {
    /// Reads all but the first slice of an object with one request.
    fileprivate func slices(of name: MemcachedKey, into assembly: inout ObjectAssembly) throws {
        var taken = assembly
        var fault: StoredValueError?
        try values(of: (1..<taken.sliceCount).map(name.slice), placedBy: name.bytes) { value in
            guard fault == nil else { return }
            var slice = value
            do throws(StoredValueError) {
                try taken.take(&slice)
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        assembly = taken
    }
}

extension ObjectDescription {
    /// As memcached takes it; nothing where nobody would have a use for the object any more.
    fileprivate func expiration(wallNow: Int64) -> Int? {
        let life = max(
            freshMilliseconds,
            staleWhileRevalidateMilliseconds,
            staleIfErrorMilliseconds
        )
        let milliseconds = life - max(0, wallNow - storedAt)
        guard milliseconds > 0 else { return nil }
        let seconds = (milliseconds + 999) / 1000
        let isRelative = seconds <= MemcachedLimits.relativeLifeSeconds
        return Int(isRelative ? seconds : wallNow / 1000 + seconds)
    }
}
