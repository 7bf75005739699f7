/// Program association and program map: one packet each, at the start of every segment.
///
/// ISO/IEC 13818-1 §2.4.4
enum ProgramTables {
    static let programNumber: UInt16 = 1
    static let associationPID: UInt16 = 0
    static let mapPID: UInt16 = 0x1000
    static let videoPID: UInt16 = 0x100
    static let audioPID: UInt16 = 0x101

    /// PAT and PMT as two packets; the PCR is the video's, without one the audio's.
    ///
    /// Both sections fit one packet: a PMT of two streams has 60 bytes at most.
    static func packets(
        video: UInt8?,
        audio: (streamType: UInt8, descriptors: [UInt8])?,
        continuityCounter: UInt8
    ) -> [UInt8] {
        let association = section(
            table: 0x00,
            extending: 1,
            big(programNumber) + big(0xE000 | mapPID)
        )
        var map = big(0xE000 | (video == nil ? audioPID : videoPID)) + big(0xF000)
        if let video {
            map += stream(video, videoPID, [])
        }
        if let audio {
            map += stream(audio.streamType, audioPID, audio.descriptors)
        }
        return packet(associationPID, association, continuityCounter)
            + packet(mapPID, section(table: 0x02, extending: programNumber, map), continuityCounter)
    }

    /// ISO_639_language_descriptor; empty where the language is unknown or has no
    /// three-letter code.
    ///
    /// ISO/IEC 13818-1 §2.6.18
    static func languageDescriptor(_ language: String, role: TrackRole) -> [UInt8] {
        guard language != "und", let code = LanguageCode.threeLetters(of: language) else {
            return []
        }
        let audioType: UInt8 =
            switch role {
            case .sdh: 0x02  // hearing impaired
            case .description: 0x03  // visual impaired commentary
            case .main, .commentary, .forced: 0x00
            }
        return [0x0A, 4] + code + [audioType]
    }

    /// registration_descriptor. ISO/IEC 13818-1 §2.6.8
    static func registrationDescriptor(_ format: StaticString) -> [UInt8] {
        [0x05, UInt8(format.utf8CodeUnitCount)] + format.description.utf8
    }

    private static func stream(_ type: UInt8, _ pid: UInt16, _ descriptors: [UInt8]) -> [UInt8] {
        [type] + big(0xE000 | pid) + big(0xF000 | UInt16(descriptors.count)) + descriptors
    }

    /// A section in the long syntax, version 0, current, the only one. §2.4.4.11
    private static func section(
        table: UInt8,
        extending identifier: UInt16,
        _ body: [UInt8]
    ) -> [UInt8] {
        let length = UInt16(5 + body.count + 4)
        let head = [table] + big(0xB000 | length) + big(identifier) + [0xC1, 0, 0] + body
        let checksum = CRC32.checksum(head)
        return head + big(UInt16(checksum >> 16)) + big(UInt16(checksum & 0xFFFF))
    }

    /// One packet with a whole section behind its pointer_field, 0xFF to the end. §2.4.4.1
    private static func packet(
        _ pid: UInt16,
        _ section: [UInt8],
        _ continuityCounter: UInt8
    ) -> [UInt8] {
        let bytes = [0x47] + big(0x4000 | pid) + [0x10 | continuityCounter, 0] + section
        precondition(bytes.count <= PacketWriter.packetSizeBytes, "a section fits one packet")
        return bytes + Array(repeating: 0xFF, count: PacketWriter.packetSizeBytes - bytes.count)
    }

    private static func big(_ value: UInt16) -> [UInt8] {
        [UInt8(value >> 8), UInt8(value & 0xFF)]
    }
}
