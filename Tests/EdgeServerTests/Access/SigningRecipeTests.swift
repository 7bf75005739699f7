import EdgeServer
import Foundation
import Platform
import TestSupport
import Testing

/// The Python in the decision's page makes tokens that the product takes.
struct SigningRecipeTests {
    private static let page = "docs/decisions/0009-signed-addresses.md"

    private static func recipe() throws -> String {
        let text = try String(contentsOfFile: "\(Checkout.root)/\(page)", encoding: .utf8)
        let start = try #require(text.range(of: "```python\n"))
        let end = try #require(text.range(of: "```", range: start.upperBound..<text.endIndex))
        return String(text[start.upperBound..<end.lowerBound])
    }

    @Test func itsTokensAreTheProducts() async throws {
        let calls = [
            "'/videos/abc/', \(Access.now)",
            "'/', \(Access.now), network='192.0.2.0/24'",
            "'/live/x/', \(Access.now), network='2001:db8:1::/48', viewer='viewer-7'",
            "'/videos/', 4294967295, viewer='\(String(repeating: "v", count: 32))'",
        ]
        let tokens = [
            try Access.token("/videos/abc/", expiresAt: Access.now),
            try Access.token("/", expiresAt: Access.now, network: "192.0.2.0/24"),
            try Access.token(
                "/live/x/",
                expiresAt: Access.now,
                network: "2001:db8:1::/48",
                viewer: "viewer-7"
            ),
            try Access.token(
                "/videos/",
                expiresAt: 4_294_967_295,
                viewer: String(repeating: "v", count: 32)
            ),
        ]
        let secret = String(decoding: Access.secret, as: UTF8.self)
        let program =
            try Self.recipe() + "\n"
            + calls.map { "print(sign(1, b'\(secret)', \($0)))\n" }.joined()
        let output = try await Tool.run("python3", ["-c", program])
        #expect(output.lines == tokens)
    }
}
