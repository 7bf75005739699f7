// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// A module of the product.
///
/// The order below is the layering: a module imports only modules above it.
func module(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    resources: [Resource] = []
) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: house)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: house)
}

let package = Package(
    name: "Millrace",
    products: [
        .executable(name: "origin", targets: ["origin"]),
        .executable(name: "edge", targets: ["edge"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-http2", exact: "1.46.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // C libraries: a module map and a shim header each, nothing else.
        .systemLibrary(
            name: "CLibAV",
            pkgConfig: "libavformat libavcodec libavutil",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev"])]
        ),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(
            name: "CLibMemcached",
            pkgConfig: "libmemcached",
            providers: [.apt(["libmemcached-dev"])]
        ),
        .systemLibrary(
            name: "CLibRTMP",
            pkgConfig: "librtmp",
            providers: [.apt(["librtmp-dev"])]
        ),
        .systemLibrary(
            name: "COpenSSL",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        module("ISOBMFF"),
        module("Packaging", ["ISOBMFF"]),
        module("Segmenting", ["ISOBMFF", "Packaging"]),
        module(
            "Platform",
            [
                .product(name: "Logging", package: "swift-log"),
                "Yams",
            ]
        ),
        module("Cryptography", ["COpenSSL"]),
        module(
            "MediaHTTP",
            [
                "Platform",
                "CLinux",
                "CZlib",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
            ]
        ),
        module("Transcoding", ["CLibAV", "ISOBMFF", "Packaging", "Platform"]),
        module(
            "Live",
            [
                "CLibRTMP",
                "COpenSSL",
                "CLinux",
                "ISOBMFF",
                "Packaging",
                "Segmenting",
                "Platform",
                "Cryptography",
                "MediaHTTP",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        module(
            "EdgeCache",
            [
                "Platform",
                "CLibMemcached",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]
        ),
        module(
            "OriginServer",
            [
                "Cryptography",
                "ISOBMFF",
                "Packaging",
                "Segmenting",
                "Platform",
                "MediaHTTP",
                "Live",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [
                .embedInCode("Page/Static/millrace.css"),
                .embedInCode("Page/Static/hls-loader.js"),
                .embedInCode("Page/Static/live.js"),
                .embedInCode("Page/Static/watch.js"),
            ]
        ),
        .executableTarget(
            name: "origin",
            dependencies: [
                "OriginServer",
                "Transcoding",
                "MediaHTTP",
                "Platform",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house
        ),

        module(
            "EdgeServer",
            [
                "EdgeCache",
                "Cryptography",
                "MediaHTTP",
                "Platform",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .executableTarget(
            name: "edge",
            dependencies: [
                "EdgeServer",
                "MediaHTTP",
                "Platform",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house
        ),

        // What tests of several modules share: processes, fixtures, temporary folders.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: house),

        tests("TestSupportTests", ["TestSupport"]),
        tests("ISOBMFFTests", ["TestSupport", "ISOBMFF"]),
        tests("PackagingTests", ["TestSupport", "Packaging", "ISOBMFF"]),
        tests("SegmentingTests", ["TestSupport", "Segmenting", "Packaging", "ISOBMFF"]),
        tests(
            "LiveTests",
            [
                "TestSupport",
                "Live",
                "Segmenting",
                "Packaging",
                "ISOBMFF",
                "MediaHTTP",
                "Platform",
                "Cryptography",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        tests(
            "LiveEnduranceTests",
            [
                "TestSupport",
                "OriginServer",
                "Live",
                "Segmenting",
                "Platform",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        tests("PlatformTests", ["Platform", .product(name: "Logging", package: "swift-log")]),
        tests(
            "MediaHTTPTests",
            [
                "TestSupport",
                "MediaHTTP",
                "Platform",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        tests("TranscodingTests", ["TestSupport", "Transcoding", "Packaging", "ISOBMFF"]),
        tests(
            "OriginServerTests",
            [
                "TestSupport",
                "OriginServer",
                "Live",
                "Segmenting",
                "Packaging",
                "MediaHTTP",
                "Platform",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        tests("CryptographyTests", ["Cryptography"]),
        tests(
            "EdgeCacheTests",
            [
                "TestSupport",
                "EdgeCache",
                "Platform",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        tests(
            "EdgeServerTests",
            [
                "TestSupport",
                "EdgeServer",
                "EdgeCache",
                "Cryptography",
                "MediaHTTP",
                "Platform",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        tests("InteropTests", ["TestSupport"]),
        tests("LiveInteropTests", ["TestSupport"]),
        tests("LiveFaultTests", ["TestSupport"]),
        tests(
            "EdgeInteropTests",
            [
                "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
    ]
)
