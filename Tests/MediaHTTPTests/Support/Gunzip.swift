import TestSupport

/// gzip's own program, as a second opinion on what the lane compresses.
enum Gunzip {
    static func run(_ bytes: [UInt8]) async throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let packed = try folder.write("packed.gz", bytes)
        return try await Tool.run("gzip", ["-d", "-c", packed]).standardOutput
    }
}
