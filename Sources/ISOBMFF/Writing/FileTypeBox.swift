/// What a file or a segment conforms to: `ftyp` in front of a file, `styp` in front of a segment.
///
/// ISO/IEC 14496-12 §4.3, §8.16.2
package struct FileTypeBox: Hashable, Sendable {
    package var type: FourCC
    package var majorBrand: FourCC
    package var minorVersion: UInt32
    package var compatibleBrands: [FourCC]

    package init(
        type: FourCC = "ftyp",
        majorBrand: FourCC,
        minorVersion: UInt32 = 0,
        compatibleBrands: [FourCC]
    ) {
        self.type = type
        self.majorBrand = majorBrand
        self.minorVersion = minorVersion
        self.compatibleBrands = compatibleBrands
    }

    package func write(to writer: inout BoxWriter) {
        writer.box(type) {
            $0.append(majorBrand)
            $0.append(minorVersion)
            for brand in compatibleBrands {
                $0.append(brand)
            }
        }
    }
}
