import EdgeCache
package import MediaHTTP
import NIOCore
import Synchronization

/// A large representation that is kept in slices, for one viewer.
///
/// Slices come from the memory tier or by fills, one after another as the viewer reads; all must
/// have the tag of the first, so that bytes of two files never meet.
package final class SlicedBody: BodySource {
    private struct Place {
        /// Whole slices and growing ones are read alike.
        var source: any BodySource
        var number: UInt64
    }

    private struct State {
        var place: Place?
        var isFetching = false
        var hasFailed = false
        var waiters: [(any BodyWaiter, UInt64)] = []
    }

    private let state = Mutex(State())
    private let path: String
    private let target: MediaTarget
    private let entityTag: String
    private let totalSizeBytes: UInt64
    private let sliceSizeBytes: UInt64
    private let fetch: @Sendable (FillRequest, any EventLoop) -> EventLoopFuture<MediaBody?>
    private let requestID: String

    /// - Parameters:
    ///   - target: of the whole, as players ask for it.
    ///   - entityTag: that all slices must have.
    ///   - totalSizeBytes: of the whole.
    ///   - sliceSizeBytes: of every slice but the last.
    ///   - requestID: of the viewer's request.
    ///   - fetch: the body of a slice, from a tier or an origin; nothing where it cannot be had.
    init(
        target: MediaTarget,
        entityTag: String,
        totalSizeBytes: UInt64,
        sliceSizeBytes: UInt64,
        requestID: String,
        fetch: @escaping @Sendable (FillRequest, any EventLoop) -> EventLoopFuture<MediaBody?>
    ) {
        self.path = target.key.text
        self.target = target
        self.entityTag = entityTag
        self.totalSizeBytes = totalSizeBytes
        self.sliceSizeBytes = sliceSizeBytes
        self.requestID = requestID
        self.fetch = fetch
    }

    /// The key of a slice; the first one also stands for the whole.
    static func key(_ path: String, slice number: UInt64) -> CacheKey {
        CacheKey("\(path)#\(number)")
    }

    static func range(slice number: UInt64, sizeBytes: UInt64) -> Range<UInt64> {
        number * sizeBytes..<(number + 1) * sizeBytes
    }

    package func read(at offsetBytes: UInt64, atMost sizeBytes: Int) -> BodySourceRead {
        guard offsetBytes < totalSizeBytes else { return .end }
        let number = offsetBytes / sliceSizeBytes
        let (place, hasFailed) = state.withLock { ($0.place, $0.hasFailed) }
        if hasFailed { return .failed }
        guard let place, place.number == number else { return .pending }
        let start = offsetBytes % sliceSizeBytes
        let count = Int(min(UInt64(sizeBytes), sliceSizeBytes - start))
        let outcome = place.source.read(at: start, atMost: count)
        // A slice that ends before the next begins is not what it said to be.
        if case .end = outcome { return .failed }
        return outcome
    }

    package func wake(_ waiter: any BodyWaiter, at offsetBytes: UInt64) {
        let number = offsetBytes / sliceSizeBytes
        let next: Next = state.withLock { state in
            if let place = state.place, place.number == number { return .wait(place.source) }
            if state.hasFailed { return .ready }
            state.waiters.append((waiter, offsetBytes))
            defer { state.isFetching = true }
            return state.isFetching ? .nothing : .fetch
        }
        switch next {
        case .wait(let source): source.wake(waiter, at: offsetBytes % sliceSizeBytes)
        case .ready: waiter.eventLoop.execute { waiter.resume() }
        case .nothing: break
        case .fetch: fetchSlice(number, on: waiter.eventLoop)
        }
    }

    private enum Next { case wait(any BodySource), ready, nothing, fetch }

    private func fetchSlice(_ number: UInt64, on eventLoop: any EventLoop) {
        let bytes = Self.range(slice: number, sizeBytes: sliceSizeBytes)
        var target = target
        target.key = Self.key(path, slice: number)
        var request = FillRequest(target: target, requestID: requestID)
        request.slice = SliceRange(
            bytes: bytes.lowerBound..<min(bytes.upperBound, totalSizeBytes),
            entityTag: entityTag
        )
        fetch(request, eventLoop).whenSuccess { body in
            let source: (any BodySource)? =
                switch body {
                case .source(let source, _): source
                case .bytes(let bytes): WholeBody(bytes)
                case .region(let region): region
                default: nil
                }
            let waiters = self.state.withLock { state in
                state.isFetching = false
                state.place = source.map { Place(source: $0, number: number) }
                state.hasFailed = source == nil
                defer { state.waiters = [] }
                return state.waiters
            }
            for (waiter, offsetBytes) in waiters { self.wake(waiter, at: offsetBytes) }
        }
    }
}

/// Bytes that are all there, read like those that are not.
private final class WholeBody: BodySource {
    private let bytes: ByteBuffer

    init(_ bytes: ByteBuffer) {
        self.bytes = bytes
    }

    func read(at offsetBytes: UInt64, atMost sizeBytes: Int) -> BodySourceRead {
        guard offsetBytes < UInt64(bytes.readableBytes) else { return .end }
        let start = bytes.readerIndex + Int(offsetBytes)
        let count = min(sizeBytes, bytes.writerIndex - start)
        return bytes.getSlice(at: start, length: count).map { .bytes($0) } ?? .failed
    }

    func wake(_ waiter: any BodyWaiter, at offsetBytes: UInt64) {
        waiter.eventLoop.execute { waiter.resume() }
    }
}
