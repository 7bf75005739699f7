import ISOBMFF

extension ByteWriter {
    mutating func append(_ entry: SampleEntry) {
        append(entry.format.rawValue)
        append(entry.boxBytes)
        append(entry.codec)
        append(entry.video) { $0.append($1) }
        append(entry.audio) {
            $0.append(UInt32($1.channelCount))
            $0.append($1.sampleRate)
        }
        append(entry.maximumBitrate)
        append(entry.averageBitrate)
    }

    private mutating func append(_ video: VideoProperties) {
        append(UInt32(video.width))
        append(UInt32(video.height))
        append(video.pixelAspectHorizontal)
        append(video.pixelAspectVertical)
        append(video.color) {
            $0.append($1.primaries)
            $0.append($1.transfer)
            $0.append($1.matrix)
            $0.append($1.isFullRange)
        }
        append(video.hasMasteringDisplay)
        append(video.hasContentLightLevel)
        append(video.dolbyVision) {
            $0.append($1.profile)
            $0.append($1.level)
            $0.append($1.compatibilityId)
        }
    }
}

extension ByteReader {
    mutating func sampleEntry() throws(PackagingError) -> SampleEntry {
        SampleEntry(
            format: FourCC(rawValue: try integer()),
            boxBytes: try byteList(),
            codec: try codec(),
            video: try optional { reader throws(PackagingError) in try reader.videoProperties() },
            audio: try optional { reader throws(PackagingError) in
                AudioProperties(
                    channelCount: try reader.dimension(),
                    sampleRate: try reader.integer()
                )
            },
            maximumBitrate: try integer(),
            averageBitrate: try integer()
        )
    }

    private mutating func videoProperties() throws(PackagingError) -> VideoProperties {
        VideoProperties(
            width: try dimension(),
            height: try dimension(),
            pixelAspectHorizontal: try integer(),
            pixelAspectVertical: try integer(),
            color: try optional { reader throws(PackagingError) in
                ColorProperties(
                    primaries: try reader.integer(),
                    transfer: try reader.integer(),
                    matrix: try reader.integer(),
                    isFullRange: try reader.bool()
                )
            },
            hasMasteringDisplay: try bool(),
            hasContentLightLevel: try bool(),
            dolbyVision: try optional { reader throws(PackagingError) in
                DolbyVisionConfiguration(
                    profile: try reader.integer(),
                    level: try reader.integer(),
                    compatibilityId: try reader.integer()
                )
            }
        )
    }
}
