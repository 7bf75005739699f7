import Foundation
import Glibc
import NIOCore
import Synchronization
import TestSupport
import Testing

extension EdgeFaults {
    /// What an operator changes while viewers watch.
    @Suite(.timeLimit(.minutes(2)))
    struct ReloadTests {
        private let segment = "/videos/film/v1/1.m4s"
        private let taken = "the configuration was read again"
        private let refused = "the configuration is not taken over"

        @Test func aHundredReloadsUnderLoadDropNoConnection() async throws {
            let body = Bytes.of("film", count: 40_000)
            let origin = try await ScriptedOrigin.start { _ in ScriptedOrigin.Step.answer(body) }
            try await withEdge([origin.url]) { edge async throws in
                let paths = (1...10).map { "/videos/film/v1/\($0).m4s" }
                let isOver = Mutex(false)
                let load = Crowd(of: 16, on: edge.port, paths: paths) { _ in body }
                async let result = load.run { isOver.withLock { $0 } }
                for number in 1...100 {
                    try edge.reload(["cache.memory": number % 2 == 0 ? "64MiB" : "65MiB"])
                    try await eventually("reload \(number)") { edge.logged(taken) == number }
                }
                isOver.withLock { $0 = true }
                let seen = try await result
                #expect(seen.faults == [])
                #expect(seen.answers > 1000)
            }
            await origin.kill()
        }

        @Test func aBadConfigurationKeepsTheOldOneAndSaysWhy() async throws {
            let origin = try await ScriptedOrigin.start { _ in ScriptedOrigin.Step.answer("yes") }
            try await withEdge([origin.url]) { edge async throws in
                try edge.reload(["origin.media": "[ftp://nowhere]", "access.deny": "[127.0.0.1]"])
                try await eventually("the refusal is logged") { edge.logged(refused) == 1 }
                #expect(edge.log.contains("origin.media"))
                #expect(try await edge.get(segment).text == "yes")
                try edge.folder.write("edge.yaml", "no: [yaml".utf8)
                edge.signal(SIGHUP)
                try await eventually("the second refusal") { edge.logged(refused) == 2 }
                #expect(try await edge.get("/videos/film/v1/2.m4s").text == "yes")
            }
            await origin.kill()
        }

        @Test func theSecretChangesUnderLoad() async throws {
            // Only edges that know one of the two; each request gets there.
            let origin = try await ScriptedOrigin.start { request in
                let isEdge = ["one", "two"].contains(request.fields["x-millrace-edge"])
                return ScriptedOrigin.Step.answer(
                    "yes",
                    status: isEdge ? "200 OK" : "403 No",
                    fields: ["Surrogate-Control: no-store, content=\"x\""]
                )
            }
            try await withEdge([origin.url], ["origin.secret": "one"]) { edge async throws in
                let isOver = Mutex(false)
                let load = Crowd(of: 8, on: edge.port, paths: [segment]) { _ in Array("yes".utf8) }
                async let result = load.run { isOver.withLock { $0 } }
                for number in 1...20 {
                    try edge.reload(["origin.secret": number % 2 == 0 ? "one" : "two"])
                    try await eventually("reload \(number)") { edge.logged(taken) == number }
                    // It says the new one, and believes the new one only.
                    let (new, old) = number % 2 == 0 ? ("one", "two") : ("two", "one")
                    let path = "/videos/film/v1/of\(number).m4s"
                    let told = try await edge.get(path, fields: ["X-Millrace-Edge": new])
                    let untold = try await edge.get(path, fields: ["X-Millrace-Edge": old])
                    #expect(told.value("surrogate-control") != nil)
                    #expect(untold.value("surrogate-control") == nil && untold.text == "yes")
                    let asked = origin.requests.last { $0.target == path }
                    #expect(asked?.fields["x-millrace-edge"] == new)
                }
                isOver.withLock { $0 = true }
                let seen = try await result
                #expect(seen.faults == [])
                #expect(seen.answers > 200)
            }
            await origin.kill()
        }

        @Test func newOriginsAreAskedAfterAReload() async throws {
            let old = try await ScriptedOrigin.start { _ in ScriptedOrigin.Step.answer("old") }
            let new = try await ScriptedOrigin.start { _ in ScriptedOrigin.Step.answer("new") }
            try await withEdge([old.url]) { edge async throws in
                #expect(try await edge.get(segment).text == "old")
                try edge.reload(["origin.media": "[\(new.url)]"])
                try await eventually("it is read") { edge.logged(taken) == 1 }
                #expect(try await edge.get("/videos/film/v1/2.m4s").text == "new")
                #expect(try await edge.get(segment).text == "old", "what is kept stays")
            }
            await old.kill()
            await new.kill()
        }

        @Test func anOriginThatAReloadAddsIsAskedWhereTheOtherFails() async throws {
            let ill = try await ScriptedOrigin.start { _ in
                ScriptedOrigin.Step.answer("no", status: "500 No", fields: [])
            }
            let well = try await ScriptedOrigin.start { _ in ScriptedOrigin.Step.answer("yes") }
            try await withEdge([ill.url]) { edge async throws in
                #expect(try await edge.get(segment).status == 500)
                try edge.reload(["origin.media": "[\(ill.url), \"\(well.url) backup\"]"])
                try await eventually("it is read") { edge.logged(taken) == 1 }
                #expect(try await edge.get(segment).text == "yes")
            }
            await ill.kill()
            await well.kill()
        }

        @Test func aNewCertificateIsShownAndABadOneIsNot() async throws {
            let folder = try TemporaryFolder()
            let one = try await Certificate("one", in: folder)
            let two = try await Certificate("two", in: folder)
            let over = try await Certificate("over", in: folder, days: -1)
            let origin = try await ScriptedOrigin.start { _ in ScriptedOrigin.Step.answer("yes") }
            let options = ["tls.certificate": one.path, "tls.key": one.key]
            try await withEdge([origin.url], options) { edge async throws in
                let viewer = try await edge.viewer()
                #expect(try await viewer.get(segment).text == "yes")
                #expect(try await Certificate.shown(by: edge.tlsPort) == "one")
                try edge.reload(["tls.certificate": two.path, "tls.key": two.key])
                try await eventually("it is read") { edge.logged(taken) == 1 }
                #expect(try await Certificate.shown(by: edge.tlsPort) == "two")
                try edge.reload(["tls.certificate": over.path, "tls.key": over.key])
                try await eventually("it is refused") { edge.logged(refused) == 1 }
                try edge.reload(["tls.certificate": one.path, "tls.key": two.key])
                try await eventually("it is refused") { edge.logged(refused) == 2 }
                #expect(try await Certificate.shown(by: edge.tlsPort) == "two")
                #expect(try await viewer.get(segment).text == "yes", "on the connection of before")
            }
            await origin.kill()
        }

        @Test func anOriginWhoseCertificateIsOverIsNotAsked() async throws {
            let folder = try TemporaryFolder()
            let over = try await Certificate("over", in: folder, days: -1)
            let good = try await Certificate("good", in: folder)
            let authorities = try folder.write(
                "authorities.pem",
                [over.path, good.path].flatMap { path in
                    (try? String(contentsOfFile: path, encoding: .utf8))?.utf8.map { $0 } ?? []
                }
            )
            let script: ScriptedOrigin.Script = { _ in ScriptedOrigin.Step.answer("yes") }
            let expired = try await ScriptedOrigin.start(tls: try over.context, script)
            let valid = try await ScriptedOrigin.start(tls: try good.context, script)
            let options = ["origin.authorities": authorities, "origin.server_name": "localhost"]
            try await withEdge([expired.url], options) { edge async throws in
                #expect(try await edge.get(segment).status == 503)
                try edge.reload([
                    "origin.media": "[\(expired.url), \"\(valid.url) backup\"]"
                ])
                try await eventually("it is read") { edge.logged(taken) == 1 }
                #expect(try await edge.get(segment).text == "yes")
            }
            #expect(expired.requests.isEmpty)
            await expired.kill()
            await valid.kill()
        }

        @Test func anEdgeThatEndsFinishesWhatItHasBegun() async throws {
            let body = [UInt8](repeating: 0x61, count: 100_000)
            let rest = Latch()
            let origin = try await ScriptedOrigin.start { _ in
                [.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")]
                    + [.bytes(Array(body[..<50_000])), .hold(rest), .bytes(Array(body[50_000...]))]
            }
            let edge = try await EdgeProcess([origin.url])
            let viewer = try await edge.viewer()
            try await viewer.ask(segment)
            try await eventually("it is under way") { origin.count(segment) == 1 }
            _ = try await viewer.text(until: "\r\n\r\n")
            edge.signal(SIGTERM)
            try await eventually("nobody else is let in") {
                (try? await edge.viewer()) == nil
            }
            rest.open()
            let text = await viewer.untilClosed()
            #expect(text.utf8.count == 100_000, "the whole body, behind its head")
            await edge.finish()
            await origin.kill()
        }
    }
}
