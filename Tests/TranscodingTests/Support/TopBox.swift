import Foundation

/// The boxes at the top of a file.
struct TopBox: Equatable {
    var type: String
    var offset: Int
    var size: Int

    static func all(_ path: String) throws -> [TopBox] {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var boxes: [TopBox] = []
        var offset = 0
        while offset + 8 <= bytes.count {
            let size = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            guard size >= 8 else { break }
            let type = String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self)
            boxes.append(TopBox(type: type, offset: offset, size: size))
            offset += size
        }
        return boxes
    }
}
