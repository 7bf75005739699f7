import EdgeServer
import Foundation
import Platform
import TestSupport
import Testing

struct GeoDatabaseTests {
    private static func country(_ database: GeoDatabase, _ address: String) throws -> String? {
        database.country(of: try Access.address(address))?.description
    }

    @Test(arguments: [24, 28, 32])
    func recordsOfEverySizeAreRead(recordSizeBits: Int) throws {
        let database = try GeoDatabase(
            bytes: try DatabaseWriter.database(
                [
                    "192.0.2.0/24": "DE", "192.0.2.128/25": "AT", "198.51.100.7": "FR",
                    "2001:db8::/32": "CH", "2001:db8:1::/48": "IT", "128.0.0.0/2": "US",
                ],
                recordSizeBits: recordSizeBits
            )
        )
        #expect(database.count == 6)
        for (address, country) in [
            ("192.0.2.1", "DE"), ("192.0.2.129", "AT"), ("198.51.100.7", "FR"),
            ("198.51.100.8", nil), ("2001:db8::1", "CH"), ("2001:db8:1::1", "IT"),
            ("2001:db9::1", nil), ("::ffff:192.0.2.1", "DE"), ("::192.0.2.1", "DE"),
            ("150.0.0.1", "US"), ("0.0.0.0", nil), ("255.255.255.255", nil),
        ] {
            #expect(try Self.country(database, address) == country, "\(address)")
        }
    }

    @Test func aTreeOfIPv4KnowsNoIPv6() throws {
        var writer = DatabaseWriter()
        writer.isIPv6 = false
        try writer.insert("192.0.2.0/24", writer.append(country: "DE"))
        let database = try GeoDatabase(bytes: writer.bytes())
        #expect(try Self.country(database, "192.0.2.9") == "DE")
        #expect(try Self.country(database, "2001:db8::1") == nil)
        #expect(try Self.country(database, "::192.0.2.9") == nil)
    }

    @Test func aNetworkThatHoldsAllOfIPv4CountsForIt() throws {
        var writer = DatabaseWriter()
        try writer.insert("::/64", writer.append(country: "DE"))
        let database = try GeoDatabase(bytes: writer.bytes())
        #expect(try Self.country(database, "192.0.2.9") == "DE")
    }

    @Test func theRegisteredCountryStandsInForTheOther() throws {
        var writer = DatabaseWriter()
        try writer.insert("192.0.2.0/24", writer.append(country: "SE", under: "registered_country"))
        try writer.insert(
            "192.0.3.0/24",
            writer.append(country: "SE", under: "represented_country")
        )
        let database = try GeoDatabase(bytes: writer.bytes())
        #expect(try Self.country(database, "192.0.2.9") == "SE")
        #expect(try Self.country(database, "192.0.3.9") == nil)
    }

    @Test(arguments: [0, 3000, 600_000])
    func pointersOfEveryReachAreFollowed(distance: Int) throws {
        var writer = DatabaseWriter()
        _ = writer.append(.raw([UInt8](repeating: 0, count: distance)))
        let key = writer.append(.text("iso_code"))
        let code = writer.append(.text("NO"))
        let inner = writer.append(
            .raw(
                [0xE1] + DatabaseWriter.encode(.pointer(key))
                    + DatabaseWriter.encode(.pointer(code))
            )
        )
        let record = writer.append(.map([("country", .pointer(inner))]))
        try writer.insert("192.0.2.0/24", record)
        let database = try GeoDatabase(bytes: writer.bytes())
        #expect(try Self.country(database, "192.0.2.9") == "NO")
    }

    @Test(arguments: [28, 29, 284, 285, 65_820, 65_821, 70_000])
    func textsOfEverySizeArePassedOver(sizeBytes: Int) throws {
        var writer = DatabaseWriter()
        let text = String(repeating: "x", count: sizeBytes)
        let record = writer.append(
            .map([("comment", .text(text)), ("country", .map([("iso_code", .text("DK"))]))])
        )
        try writer.insert("192.0.2.0/24", record)
        #expect(try Self.country(try GeoDatabase(bytes: writer.bytes()), "192.0.2.9") == "DK")
    }

    @Test func whatIsNoDatabaseIsRefused() throws {
        for bytes in [[], [0], Array("MaxMind.com".utf8), [UInt8](repeating: 0, count: 300_000)] {
            #expect(throws: GeoDatabaseError.noMetadata) { try GeoDatabase(bytes: bytes) }
        }
        let marker = [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)
        #expect(throws: GeoDatabaseError.badValue(offsetBytes: 0)) {
            try GeoDatabase(bytes: marker)
        }
        let whole = try DatabaseWriter.database(["192.0.2.0/24": "DE"])
        for count in stride(from: 0, to: whole.count, by: 7) {
            #expect(throws: GeoDatabaseError.self) {
                try GeoDatabase(bytes: Array(whole[..<count]))
            }
        }
    }

    @Test(arguments: [
        "binary_format_major_version", "ip_version", "node_count", "record_size",
    ])
    func metadataMustBeWholeAndKnown(key: String) throws {
        let writer = DatabaseWriter()
        let metadata = writer.defaultMetadata
        #expect(throws: GeoDatabaseError.unsupported(key: key)) {
            try GeoDatabase(bytes: writer.bytes(metadata: metadata.filter { $0.0 != key }))
        }
        let other = metadata.map { $0.0 == key ? (key, DatabaseWriter.Value.unsigned16(0)) : $0 }
        #expect(throws: GeoDatabaseError.unsupported(key: key)) {
            try GeoDatabase(bytes: writer.bytes(metadata: other))
        }
        let text = metadata.map { $0.0 == key ? (key, DatabaseWriter.Value.text("6")) : $0 }
        #expect(throws: GeoDatabaseError.self) {
            try GeoDatabase(bytes: writer.bytes(metadata: text))
        }
    }

    @Test func aTreeMustFitTheFile() throws {
        let writer = DatabaseWriter()
        let metadata = writer.defaultMetadata.map {
            $0.0 == "node_count" ? ($0.0, DatabaseWriter.Value.unsigned32(.max)) : $0
        }
        #expect(throws: GeoDatabaseError.badTree) {
            try GeoDatabase(bytes: writer.bytes(metadata: metadata))
        }
        for offset in [-1, -15, 0, 1 << 20] {
            var writer = DatabaseWriter()
            writer.set(node: 0, isRight: true, .data(offset))
            #expect(throws: GeoDatabaseError.badTree) { try GeoDatabase(bytes: writer.bytes()) }
        }
    }

    @Test func aTreeThatGoesInCirclesComesToAnEnd() throws {
        var writer = DatabaseWriter()
        writer.set(node: 0, isRight: false, .node(0))
        writer.set(node: 0, isRight: true, .node(0))
        let database = try GeoDatabase(bytes: writer.bytes())
        for address in ["192.0.2.1", "2001:db8::1"] {
            #expect(try Self.country(database, address) == nil)
        }
    }

    @Test func hostileValuesAreNamed() throws {
        let pointerToItself = DatabaseWriter.Value.pointer(0)
        let values: [DatabaseWriter.Value] = [
            pointerToItself, .text("DE"), .map([("country", .text("DE"))]),
            .map([("country", .map([("iso_code", .text("GERMANY"))]))]),
            .map([("country", .map([("iso_code", .unsigned16(5))]))]),
            .map([("country", .pointer(1 << 30))]), .raw([0xE1, 0x5F, 0xFF]),
            // A map of 16 million entries, types that are none, a key that is no text.
            .raw([0xFF, 0xFF, 0xFF, 0xFF]), .raw([0x00, 0x05]), .raw([0x00, 0xFF]),
            .raw([0xE1, 0xA1, 0x01, 0xA1, 0x01]),
        ]
        for value in values {
            var writer = DatabaseWriter()
            try writer.insert("192.0.2.0/24", writer.append(value))
            #expect(throws: GeoDatabaseError.self, "\(value)") {
                try GeoDatabase(bytes: writer.bytes())
            }
        }
    }

    /// Databases with some bytes changed: an error or an answer, in any case an end.
    @Test(arguments: 0..<4)
    func mutatedDatabasesDoNoHarm(worker: Int) throws {
        var random = SplitMix(state: UInt64(worker) &* 7919 &+ 11)
        let seed = try DatabaseWriter.database(
            ["192.0.2.0/24": "DE", "2001:db8::/32": "FR", "10.0.0.0/8": "SE"],
            recordSizeBits: [24, 28, 32][worker % 3]
        )
        let addresses = try ["192.0.2.1", "2001:db8::1", "10.9.9.9", "::"].map(Access.address)
        var opened = 0
        for _ in 0..<2000 {
            var bytes = seed
            // Most of a database is tree; what breaks more is at its end.
            let isTail = Bool.random(using: &random)
            let range = isTail ? bytes.count - 400..<bytes.count : 0..<bytes.count
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                bytes[Int.random(in: range, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            guard let database = try? GeoDatabase(bytes: bytes) else { continue }
            opened += 1
            for address in addresses { _ = database.country(of: address) }
        }
        #expect(opened > 0)
    }

    @Test func isReadFromAFile() throws {
        let folder = try TemporaryFolder()
        let bytes = try DatabaseWriter.database(["192.0.2.0/24": "DE"])
        let path = try folder.write("country.mmdb", bytes)
        let database = try GeoDatabase(path: path)
        // Gone, or another: what was read stays.
        try FileManager.default.removeItem(atPath: path)
        #expect(try Self.country(database, "192.0.2.1") == "DE")
        #expect(throws: GeoDatabaseError.cannotRead(errorNumber: ENOENT)) {
            try GeoDatabase(path: path)
        }
        #expect(throws: GeoDatabaseError.self) { try GeoDatabase(path: folder.path) }
        #expect(throws: GeoDatabaseError.noMetadata) {
            try GeoDatabase(path: try folder.write("empty.mmdb", []))
        }
    }
}
