import ISOBMFF

/// Writes a video's sample entry around the configuration that an encoder sent.
///
/// ISO/IEC 14496-12 §12.1.3
struct VisualEntry {
    var format: FourCC
    var picture: PictureFormat
    /// Type and payload of the box that the codec needs.
    var configurationType: FourCC
    var configuration: [UInt8]
    var dynamicRange: DynamicRange?

    /// nil where the configuration is not what the codec has.
    var entry: SampleEntry? {
        var writer = BoxWriter(reservingBytes: 256 + configuration.count)
        writer.box(format) {
            $0.append(zeros: 6)
            $0.append(UInt16(1))  // data_reference_index
            $0.append(zeros: 16)
            $0.append(UInt16(picture.width))
            $0.append(UInt16(picture.height))
            $0.append(UInt32(0x48_0000))  // 72 dpi
            $0.append(UInt32(0x48_0000))
            $0.append(UInt32(0))
            $0.append(UInt16(1))  // frame_count
            $0.append(zeros: 32)  // compressorname
            $0.append(UInt16(0x18))  // depth
            $0.append(UInt16(0xFFFF))
            $0.box(configurationType) { $0.append(contentsOf: configuration) }
            writeColor(to: &$0)
            if picture.pixelAspectHorizontal != picture.pixelAspectVertical {
                $0.box("pasp") {
                    $0.append(UInt32(picture.pixelAspectHorizontal))
                    $0.append(UInt32(picture.pixelAspectVertical))
                }
            }
            dynamicRange?.writeBoxes(to: &$0)
        }
        return try? SampleEntry(boxBytes: writer.bytes, kind: .video)
    }

    private func writeColor(to writer: inout BoxWriter) {
        guard let color = picture.color ?? dynamicRange?.color else { return }
        writer.box("colr") {
            $0.append("nclx" as FourCC)
            $0.append(color.primaries)
            $0.append(color.transfer)
            $0.append(color.matrix)
            $0.append(UInt8(color.isFullRange ? 0x80 : 0))
        }
    }
}
