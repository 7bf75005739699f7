import Foundation
import NIOCore
import TestSupport

/// curl against a server of the tests, trusting its certificate alone.
enum Curl {
    struct Answer {
        var status: Int
        /// `1.1` or `2`.
        var version: String
        /// By lower-case name.
        var fields: [String: String]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// - Parameters:
    ///   - path: of the address.
    ///   - address: the server's.
    ///   - certificate: what it shows; none for plain HTTP.
    ///   - arguments: further ones.
    /// - Returns: the answer.
    /// - Throws: what curl says.
    static func get(
        _ path: String,
        _ address: SocketAddress,
        _ certificate: TestCertificate?,
        _ arguments: [String] = []
    ) async throws -> Answer {
        let folder = try TemporaryFolder()
        let head = folder.path("head")
        let body = try folder.write("body", [])
        let scheme = certificate == nil ? "http" : "https"
        let trust = certificate.map { ["--cacert", $0.certificate] } ?? []
        let output = try await Tool.run(
            "curl",
            ["-sS", "--path-as-is", "-D", head, "-o", body] + trust + arguments
                + ["-w", "%{http_code} %{http_version}"]
                + ["\(scheme)://127.0.0.1:\(address.port ?? 0)\(path)"],
            limit: .seconds(50)
        )
        let words = output.text.split(separator: " ")
        var fields: [String: String] = [:]
        for line in try String(contentsOfFile: head, encoding: .utf8).split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        return Answer(
            status: Int(words[0]) ?? 0,
            version: String(words[1]),
            fields: fields,
            body: Array(try Data(contentsOf: URL(fileURLWithPath: body)))
        )
    }
}
