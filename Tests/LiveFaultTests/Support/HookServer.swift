import Foundation
import Synchronization
import TestSupport

/// An operator's address that the origin posts to: keeps what came, answers as a test says.
///
/// Unsafe at its socket; on threads of its own.
final class HookServer: Sendable {
    struct Post: Sendable {
        var signature: String
        var body: [UInt8]
        /// `publish`, `stream_started`.
        var event: String
        /// The key or the stream that it is about.
        var subject: String
    }

    struct Answer: Sendable {
        var status = 200
        var body = ""
        /// Before it is sent.
        var seconds = 0.0
    }

    let port: Int
    private let listener: Int32
    private let kept = Mutex<[Post]>([])
    private let answer: @Sendable (Post, _ count: Int) -> Answer

    /// - Parameter answer: says what each post gets, with how many came of its event and subject.
    /// - Throws: where it gets no port.
    init(_ answer: @escaping @Sendable (Post, _ count: Int) -> Answer) throws {
        self.answer = answer
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // sockaddr_in of 127.0.0.1, a port of the kernel's choice.
        var address = [UInt8](repeating: 0, count: 16)
        address[0] = UInt8(AF_INET)
        address[4] = 127
        address[7] = 1
        var length: socklen_t = 16
        let code = unsafe address.withUnsafeMutableBytes { bytes in
            unsafe bytes.withMemoryRebound(to: sockaddr.self) { address in
                unsafe bind(listener, address.baseAddress, 16)
                    | listen(listener, 64)
                    | getsockname(listener, address.baseAddress, &length)
            }
        }
        guard code == 0 else { throw Tool.Failed(description: "cannot listen: errno \(errno)") }
        self.listener = listener
        port = Int(address[2]) << 8 | Int(address[3])
        Thread.detachNewThread { [weak self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                Thread.detachNewThread { [weak self] in
                    self?.serve(connection)
                    close(connection)
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    var url: String { "http://127.0.0.1:\(port)/hook" }

    /// What came so far, in order.
    var posts: [Post] { kept.withLock { $0 } }

    func events(of stream: String) -> [String] {
        posts.filter { $0.subject == stream }.map(\.event)
    }

    private func serve(_ connection: Int32) {
        guard let post = read(connection) else { return }
        let count = kept.withLock { kept in
            kept.append(post)
            return kept.count { $0.event == post.event && $0.subject == post.subject }
        }
        let answer = answer(post, count)
        if answer.seconds > 0 { poll(nil, 0, Int32(answer.seconds * 1000)) }
        let head =
            "HTTP/1.1 \(answer.status) Said\r\nContent-Length: \(answer.body.utf8.count)\r\n"
            + "Connection: close\r\n\r\n"
        let bytes = Array((head + answer.body).utf8)
        _ = unsafe send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private func read(_ connection: Int32) -> Post? {
        var received: [UInt8] = []
        let gap = Array("\r\n\r\n".utf8)
        while true {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = unsafe recv(connection, &bytes, bytes.count, 0)
            guard count > 0 else { return nil }
            received += bytes[..<count]
            guard let end = received.firstRange(of: gap) else { continue }
            let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
            let lines = head.split(separator: "\r\n").map { $0.split(separator: ": ") }
            func field(_ name: String) -> String {
                lines.first { $0.first?.lowercased() == name }?.last.map(String.init) ?? ""
            }
            let body = Array(received[end.upperBound...])
            guard body.count >= Int(field("content-length")) ?? 0 else { continue }
            let json = try? JSONDecoder().decode(Fields.self, from: Data(body))
            return Post(
                signature: field("x-millrace-signature"),
                body: body,
                event: json?.event ?? "",
                subject: json?.key ?? json?.stream ?? ""
            )
        }
    }

    private struct Fields: Decodable {
        var event: String
        var key: String?
        var stream: String?
    }
}
