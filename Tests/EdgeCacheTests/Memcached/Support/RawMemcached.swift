import Glibc

/// The text protocol on a socket, to see and to change what the tier has stored; blocks, one at a time.
final class RawMemcached: Sendable {
    private let descriptor: Int32

    init?(_ path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.utf8)
        }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(AF_UNIX, kind, 0)
        let code = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit {
        close(descriptor)
    }

    var statistics: String {
        String(decoding: ask("stats\r\n", until: "END\r\n"), as: UTF8.self)
    }

    var pid: Int32? {
        guard
            let line = statistics.split(separator: "\r\n").first(where: {
                $0.hasPrefix("STAT pid ")
            })
        else { return nil }
        return Int32(line.dropFirst("STAT pid ".count))
    }

    func get(_ key: [UInt8]) -> [UInt8]? {
        let name = String(decoding: key, as: UTF8.self)
        let answer = ask("get \(name)\r\n", until: "END\r\n")
        guard let lineEnd = answer.firstIndex(of: 10), answer.starts(with: "VALUE".utf8) else {
            return nil
        }
        let line = String(decoding: answer[..<lineEnd], as: UTF8.self)
        let size = line.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) } ?? 0
        return Array(answer[(lineEnd + 1)...].prefix(size))
    }

    func set(_ key: [UInt8], _ value: [UInt8]) {
        let name = String(decoding: key, as: UTF8.self)
        write(Array("set \(name) 0 0 \(value.count)\r\n".utf8) + value + Array("\r\n".utf8))
        _ = read(until: "\r\n")
    }

    func delete(_ key: [UInt8]) {
        _ = ask("delete \(String(decoding: key, as: UTF8.self))\r\n", until: "\r\n")
    }

    private func ask(_ question: String, until end: String) -> [UInt8] {
        write(Array(question.utf8))
        return read(until: end)
    }

    private func write(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe send(
                    descriptor,
                    bytes.baseAddress.map { unsafe $0 + sent },
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    private func read(until end: String) -> [UInt8] {
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !answer.suffix(end.utf8.count).elementsEqual(end.utf8) {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return answer }
            answer += buffer[..<count]
        }
        return answer
    }
}
