import EdgeCache
import NIOCore
import TestSupport
import Testing

/// Objects cut into slices and put together again, without a server.
struct SlicedObjectTests {
    private static let key = CacheKey("/videos/1/seg-1.m4s")
    private static let sliceSizeBytes = 4096

    private func slices(
        _ bodySizeBytes: Int,
        seed: UInt64 = 1,
        version: UInt64 = 42
    ) throws -> [ByteBuffer] {
        let object = makeObject(bodySizeBytes: bodySizeBytes, seed: seed, now: 10_000)
        let description = ObjectDescription(
            of: object,
            key: Self.key,
            now: 10_000,
            wallNow: 1_700_000_000_000
        )
        let sliced = try #require(
            SlicedObject(
                object,
                description: description,
                version: version,
                sliceSizeBytes: Self.sliceSizeBytes
            )
        )
        return (0..<sliced.sliceCount).map { index in
            var bytes = ByteBuffer()
            sliced.write(slice: index, to: &bytes)
            return bytes
        }
    }

    private func assemble(
        _ slices: [ByteBuffer],
        key: CacheKey = Self.key
    ) throws(StoredValueError) -> CachedObject {
        var assembly = try ObjectAssembly(first: slices[0], key: key, largestObjectBytes: 1 << 20)
        for var slice in slices.dropFirst() { try assembly.take(&slice) }
        return try assembly.object(now: 10_000, wallNow: 1_700_000_000_000)
    }

    /// With the checksum of what it has now: as a lying server would.
    private func sealed(_ slice: ByteBuffer) -> ByteBuffer {
        var slice = slice
        guard slice.readableBytes > SliceHeader.checksumSizeBytes else { return slice }
        slice.moveReaderIndex(forwardBy: SliceHeader.checksumSizeBytes)
        let checksum = SliceChecksum.of(slice)
        slice.moveReaderIndex(to: 0)
        slice.setInteger(checksum, at: 0, endianness: .little)
        return slice
    }

    @Test(arguments: [0, 1, 240, 3000, 4096, 8192, 12_001, 100_000])
    func roundTrips(bodySizeBytes: Int) throws {
        let object = makeObject(bodySizeBytes: bodySizeBytes, now: 10_000)
        let slices = try slices(bodySizeBytes)
        #expect(slices.allSatisfy { $0.readableBytes <= Self.sliceSizeBytes })
        let found = try assemble(slices)
        #expect(found.body.bytes == object.body.bytes)
        #expect(found.head == object.head)
        #expect(found.freshness == object.freshness)
        #expect(found.kind == object.kind)
    }

    /// Every size around those where one more slice is needed.
    @Test func roundTripsAroundSliceSizes() throws {
        for size in (3500...4200) {
            #expect(try assemble(try slices(size)).body.sizeBytes == size)
        }
    }

    @Test func bodyOfOneSliceIsNotCopied() throws {
        let slice = try #require(try slices(1000).first)
        let body = try #require(try assemble([slice]).body.bytes)
        let (outer, inner) = unsafe slice.withUnsafeReadableBytes { outer in
            unsafe body.withUnsafeReadableBytes { inner in
                (UInt(bitPattern: outer.baseAddress), UInt(bitPattern: inner.baseAddress))
            }
        }
        #expect(inner > outer && inner < outer + UInt(slice.readableBytes))
    }

    @Test func slicesOfTwoStoresAreNotMixed() throws {
        var mixed = try slices(10_000, version: 1)
        mixed[1] = try slices(10_000, version: 2)[1]
        #expect(throws: StoredValueError.otherVersion) { try assemble(mixed) }
    }

    @Test func slicesInAnotherOrderAreRefused() throws {
        var swapped = try slices(20_000)
        swapped.swapAt(1, 2)
        #expect(throws: StoredValueError.missingSlice) { try assemble(swapped) }
    }

    @Test func missingSliceIsNoticed() throws {
        #expect(throws: StoredValueError.missingSlice) {
            try assemble(try slices(20_000).dropLast())
        }
    }

    @Test func anotherKeyOfTheSameNameIsNoticed() throws {
        #expect(throws: StoredValueError.otherKey) {
            try assemble(try slices(10), key: CacheKey("/other"))
        }
    }

    @Test func anyChangedByteIsNoticed() throws {
        let slices = try slices(5000)
        for (index, slice) in slices.enumerated() {
            for offset in stride(from: 0, to: slice.readableBytes, by: 7) {
                var changed = slices
                let byte = try #require(slice.getInteger(at: offset, as: UInt8.self))
                changed[index].setInteger(byte ^ 0x10, at: offset)
                #expect(throws: StoredValueError.wrongChecksum) { try assemble(changed) }
            }
        }
    }

    @Test func anyCutIsNoticed() throws {
        let slice = try #require(try slices(1000).first)
        for size in 0..<slice.readableBytes {
            let cut = try #require(slice.getSlice(at: 0, length: size))
            #expect(throws: StoredValueError.self) { try assemble([cut]) }
            #expect(throws: StoredValueError.self) { try assemble([sealed(cut)]) }
        }
    }

    /// A field that would add a line to an answer's head is never believed, whatever its checksum.
    @Test func lineEndInFieldIsRefused() throws {
        var slice = try #require(try slices(100).first)
        let place = try #require(
            slice.readableBytesView.firstIndex { $0 == UInt8(ascii: "z") }
        )
        slice.setInteger(UInt8(ascii: "\r"), at: place)
        #expect(throws: StoredValueError.malformed) { try assemble([sealed(slice)]) }
    }

    @Test func sizeBeyondLimitReservesNothing() throws {
        var slices = try slices(10_000)
        slices[0].setInteger(UInt64(1) << 60, at: 24, endianness: .little)
        slices[0] = sealed(slices[0])
        #expect(throws: StoredValueError.malformed) { try assemble(slices) }
    }

    /// Whatever a server says, with a right checksum, gives an object of this key or an error.
    @Test func mutationsNeverTrap() throws {
        var random = SplitMix(state: 20_261_123)
        let originals = [try slices(100), try slices(9000)]
        for round in 0..<60_000 {
            var slices = originals[round % 2]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<slices.count, using: &random)
                mutate(&slices[index], &random)
            }
            do throws(StoredValueError) {
                let object = try assemble(slices.map(sealed))
                _ = object.freshness.state(at: 10_000)
                #expect(object.body.sizeBytes <= 1 << 20)
            } catch {}
        }
    }

    private func mutate(_ slice: inout ByteBuffer, _ random: inout SplitMix) {
        // Headers and the description more often than bodies.
        let end = min(slice.readableBytes, 420)
        guard end >= SliceHeader.sizeBytes else { return }
        switch Int.random(in: 0..<5, using: &random) {
        case 0:
            let offset = Int.random(in: 8..<end, using: &random)
            slice.setInteger(UInt8.random(in: 0...255, using: &random), at: offset)
        case 1:
            let values: [UInt64] = [0, 1, .max, 1 << 31, 1 << 63]
            let offset = Int.random(in: 8...end - 8, using: &random)
            let value = values.randomElement(using: &random) ?? 0
            slice.setInteger(value, at: offset, endianness: .little)
        case 2:
            let values: [UInt32] = [0, 1, .max, 1 << 31, 300]
            let offset = Int.random(in: 8...end - 4, using: &random)
            let value = values.randomElement(using: &random) ?? 0
            slice.setInteger(value, at: offset, endianness: .little)
        case 3:
            let size = Int.random(in: 0...slice.readableBytes, using: &random)
            slice.moveWriterIndex(to: size)
        default:
            slice.writeRepeatingByte(0, count: Int.random(in: 1...64, using: &random))
        }
    }

    // MARK: - Clocks

    private func freshness(elapsedMonotonic: Int64, elapsedWall: Int64) -> Freshness {
        ObjectDescription(
            of: makeObject(bodySizeBytes: 0, now: 10_000),
            key: Self.key,
            now: 10_000,
            wallNow: 1_700_000_000_000
        ).freshness(now: 10_000 + elapsedMonotonic, wallNow: 1_700_000_000_000 + elapsedWall)
    }

    @Test func lifeGoesOnInAnotherProcess() {
        // The other's monotonic clock started later.
        let found = freshness(elapsedMonotonic: -9000, elapsedWall: 20_000)
        #expect(found.ageSeconds(at: 1000) == 23)
        #expect(found.freshUntil - 1000 == 40_000)
        #expect(found.lastUse - 1000 == 60_000)
    }

    @Test func clockSetBackExtendsNothing() {
        let found = freshness(elapsedMonotonic: 5000, elapsedWall: -86_400_000)
        #expect(found.ageSeconds(at: 15_000) == 3)
        #expect(found.freshUntil - 15_000 == 60_000)
    }

    @Test func clockSetForwardEndsLife() {
        let found = freshness(elapsedMonotonic: 0, elapsedWall: .max / 4)
        #expect(found.state(at: 10_000) == .expired)
    }
}
