import Foundation
import MediaHTTP
import NIOCore
import TestSupport
import Testing

/// HTTP/2 with other programs as clients.
@Suite(.timeLimit(.minutes(2)))
struct HTTP2ClientTests {
    @Test func answersAreThoseOfHTTP11() async throws {
        let certificate = try await TestCertificate.make()
        try await TestServer.with(tls: certificate.reloading()) { server in
            func get(_ arguments: [String]) async throws -> Curl.Answer {
                try await Curl.get("/a?b=c", server.address, certificate, arguments)
            }
            let answer = try await get(["--http2"])
            #expect(answer.version == "2")
            #expect(answer.status == 200)
            #expect(answer.text == "/a")
            #expect(answer.fields["etag"] == "\"abc\"")
            #expect(answer.fields["content-length"] == "2")
            #expect(answer.fields["date"] == "Sun, 06 Nov 1994 08:49:37 GMT")
            #expect(answer.fields["access-control-allow-origin"] == "*")
            #expect(answer.fields["transfer-encoding"] == nil)
            let head = try await get(["-I"])
            #expect(head.fields["content-length"] == "2")
            #expect(try await get(["-r", "1-"]).status == 206)
            #expect(try await get(["-r", "1-"]).text == "a")
            #expect(try await get(["-r", "9-"]).status == 416)
            #expect(try await get(["-H", "If-None-Match: \"abc\""]).status == 304)
            let post = try await get(["-d", "x"])
            #expect(post.status == 405)
            #expect(post.fields["allow"] == "GET, HEAD, OPTIONS")
            #expect(try await get(["-X", "OPTIONS"]).status == 204)
            let large = try await get(["-H", "a: " + String(repeating: "b", count: 20_000)])
            #expect(large.status == 431)
            let body = try certificate.folder.write("large", [UInt8](repeating: 1, count: 90_000))
            #expect(try await get(["-X", "GET", "--data-binary", "@\(body)"]).status == 413)
        }
    }

    @Test func textsAreCompressedForThoseWhoTakeIt() async throws {
        let certificate = try await TestCertificate.make()
        let small = String(repeating: "#EXTINF\n", count: 500)
        let large = String(repeating: "#EXTINF\n", count: 20_000)
        let texts = ["/small": CompressibleText(small), "/large": CompressibleText(large)]
        try await TestServer.with(tls: certificate.reloading()) { request, _ in
            .now(.body(texts[request.path].map { .text($0) } ?? .empty))
        } _: { server in
            for (path, text) in [("/small", small), ("/large", large)] {
                for _ in 0..<2 {
                    let answer = try await Curl.get(
                        path,
                        server.address,
                        certificate,
                        ["--http2", "--compressed"]
                    )
                    #expect(answer.fields["content-encoding"] == "gzip")
                    #expect(answer.text == text)
                }
                let plain = try await Curl.get(path, server.address, certificate, ["--http2"])
                #expect(plain.text == text)
            }
        }
    }

    @Test(arguments: [1, 3_000, 100_000, 1_500_000])
    func filesArriveWhole(sizeBytes: Int) async throws {
        let certificate = try await TestCertificate.make()
        let file = try TemporaryFile(sizeBytes: sizeBytes)
        let whole = Array("head".utf8) + file.bytes
        let body = try file.body(header: Array("head".utf8))
        for reading in [FileReading.system, .neverResident] {
            try await TestServer.with(reading: reading, tls: certificate.reloading()) { _, _ in
                .now(.body(body))
            } _: { server in
                // Again and again, as small ones are kept in memory then.
                for _ in 0..<3 {
                    let answer = try await Curl.get("/", server.address, certificate, ["--http2"])
                    #expect(answer.body == whole)
                }
                let part = try await Curl.get(
                    "/",
                    server.address,
                    certificate,
                    ["--http2", "-r", "2-3"]
                )
                #expect(part.body == Array(whole[2...3]))
            }
        }
    }

    @Test func aFileThatIsGoneIs503() async throws {
        let certificate = try await TestCertificate.make()
        let file = try TemporaryFile(sizeBytes: 10_000)
        let body = try file.body()
        try file.truncate(to: 10)
        try await TestServer.with(tls: certificate.reloading()) { _, _ in
            .now(.body(body))
        } _: { server in
            let answer = try await Curl.get("/", server.address, certificate, ["--http2"])
            #expect(answer.status == 503)
            #expect(answer.text.contains("source_changed"))
        }
    }

    @Test func manyLargeBodiesAtOnceArriveWhole() async throws {
        let certificate = try await TestCertificate.make()
        let files = try (0..<20).map { try TemporaryFile(sizeBytes: 1_500_000, seed: UInt64($0)) }
        let bodies: [MediaBody] = try files.enumerated().map { index, file in
            index % 2 == 0 ? try file.body() : .bytes(ByteBuffer(bytes: file.bytes))
        }
        try await TestServer.with(tls: certificate.reloading()) { request, _ in
            .now(.body(bodies[Int(request.path.dropFirst()) ?? 0]))
        } _: { server in
            let folder = try TemporaryFolder()
            var arguments = ["-sS", "--http2", "--parallel", "--cacert", certificate.certificate]
            for index in files.indices {
                arguments += ["-o", folder.path("\(index)")]
                arguments += ["https://127.0.0.1:\(server.address.port ?? 0)/\(index)"]
            }
            try await Tool.run("curl", arguments)
            for (index, file) in files.enumerated() {
                let path = URL(fileURLWithPath: folder.path("\(index)"))
                #expect(try Array(Data(contentsOf: path)) == file.bytes)
            }
        }
    }

    @Test func aClientMayHaveNoTableForFields() async throws {
        let certificate = try await TestCertificate.make()
        try await TestServer.with(tls: certificate.reloading()) { server in
            for size in ["0", "100", "1000", "65536"] {
                let address = "https://127.0.0.1:\(server.address.port ?? 0)"
                let output = try await Tool.run(
                    "nghttp",
                    ["-v", "--no-verify-peer", "--header-table-size=\(size)"]
                        + (0..<4).map { "\(address)/\($0)" }
                )
                let statuses = output.lines.filter { $0.contains(":status: 200") }
                #expect(statuses.count == 4, "\(output.text)")
                #expect(output.lines.filter { $0.contains("timing-allow-origin: *") }.count == 4)
            }
        }
    }

    @Test func requestsAreRecorded() async throws {
        let certificate = try await TestCertificate.make()
        try await TestServer.with(tls: certificate.reloading()) { server in
            _ = try await Curl.get("/a", server.address, certificate, ["--http2"])
            await server.observer.wait { $0.records.count == 1 && $0.openConnections == 0 }
            let record = try #require(server.observer.seen.records.first)
            #expect(record.status == 200)
            #expect(record.path == "/a")
            #expect(record.method == "GET")
            #expect(record.peerAddress.hasPrefix("127.0.0.1:"))
            #expect(record.bytesSent > 2)
            #expect(!record.wasAborted)
        }
    }
}

extension FileReading {
    /// Finds nothing in the page cache.
    fileprivate static let neverResident = unsafe FileReading(
        resident: { _, _, _ in .notResident },
        blocking: systemBlocking
    )
}
