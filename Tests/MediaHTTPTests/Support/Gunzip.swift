import Foundation

/// gzip's own program, as a second opinion on what the lane compresses.
enum Gunzip {
    static func run(_ bytes: [UInt8]) throws -> [UInt8] {
        let packed = FileManager.default.temporaryDirectory
            .appendingPathComponent(UUID().uuidString + ".gz")
        try Data(bytes).write(to: packed)
        defer { try? FileManager.default.removeItem(at: packed) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/gzip")
        process.arguments = ["-d", "-c", packed.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let unpacked = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Array(unpacked)
    }
}
