import Hummingbird
import NIOCore
import Segmenting

/// `/`, `/watch/{video_id}`, `/live/{stream_id}` and what they need.
struct PageRoutes {
    let catalog: VideoCatalog
    /// Ids of streams that are live now, sorted.
    let liveStreams: @Sendable () -> [String]
    let options: ReloadableOptions
    /// Port of the media listener, for pages that are not served beside the media.
    let mediaPort: Int

    func add(to router: Router<some RequestContext>) {
        router.get("/") { request, _ in
            let page = try await catalog.videos(after: nil, limit: Self.videosOnPage)
            let library = LibraryPage(
                live: liveStreams(),
                videos: page.videos,
                brand: options.page.title,
                mediaBase: mediaBase(request)
            )
            return Response.text(library.html, type: Self.htmlType)
        }
        router.get("/watch/:id") { request, context in
            let id = try context.parameters.require("id")
            switch await catalog.video(id) {
            case .success(let facts):
                let page = WatchPage(
                    facts: facts,
                    brand: options.page.title,
                    mediaBase: mediaBase(request),
                    hlsScript: hlsAddress
                )
                return Response.text(page.html, type: Self.htmlType)
            case .failure(let failure):
                return failurePage(APIError(failure, video: id))
            }
        }
        router.get("/live/:id") { request, context in
            let id = try context.parameters.require("id")
            guard LiveAddress.isStreamID(id) else {
                return failurePage(
                    APIError(
                        status: 404,
                        code: "stream_not_found",
                        message: "There is no stream \(id)."
                    )
                )
            }
            // A stream that is not there yet has its page: it waits.
            let page = LivePage(
                streamID: id,
                brand: options.page.title,
                mediaBase: mediaBase(request),
                hlsScript: hlsAddress
            )
            return Response.text(page.html, type: Self.htmlType)
        }
        addStatic(to: router)
    }

    private func addStatic(to router: Router<some RequestContext>) {
        router.get("/static/millrace.css") { _, _ in
            Self.asset(PackageResources.millrace_css, type: "text/css; charset=utf-8")
        }
        router.get("/static/watch.js") { _, _ in
            Self.asset(PackageResources.watch_js, type: "text/javascript; charset=utf-8")
        }
        router.get("/static/live.js") { _, _ in
            Self.asset(PackageResources.live_js, type: "text/javascript; charset=utf-8")
        }
        router.get("/static/hls-loader.js") { _, _ in
            Self.asset(PackageResources.hls_loader_js, type: "text/javascript; charset=utf-8")
        }
        router.get("/static/hls.js") { _, _ in
            guard isLocalScript,
                let bytes = FileBytes.read(path: options.page.hlsScript, limit: Self.scriptLimit)
            else {
                throw APIError(
                    status: 404,
                    code: "script_not_found",
                    message: "page.hls_js names no file that can be read."
                )
            }
            return Self.asset(bytes, type: "text/javascript; charset=utf-8")
        }
    }

    private func failurePage(_ error: APIError) -> Response {
        Response.text(
            HTML.page(
                title: options.page.title,
                brand: options.page.title,
                body: "<p class=\"empty\">\(HTML.escaped(error.message))</p>"
            ),
            type: Self.htmlType,
            status: error.status
        )
    }

    /// A script that the origin serves itself, where the option names a file.
    private var isLocalScript: Bool {
        let script = options.page.hlsScript
        return script.hasPrefix("/") && !script.hasPrefix("//")
    }

    private var hlsAddress: String { isLocalScript ? "/static/hls.js" : options.page.hlsScript }

    /// The media listener as this browser reaches it: the configured address; the page's own host
    /// where an edge brought the request, as it serves both; or that host with the media listener's
    /// port.
    private func mediaBase(_ request: Request) -> String {
        if !options.page.mediaBase.isEmpty { return options.page.mediaBase }
        if request.headers[.via] != nil { return "" }
        let authority = request.head.authority ?? "127.0.0.1"
        let host =
            authority.hasPrefix("[")
            ? String(authority.prefix { $0 != "]" }) + "]"
            : String(authority.prefix { $0 != ":" })
        return "http://\(host):\(mediaPort)"
    }

    private static func asset(_ bytes: [UInt8], type: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: type, .cacheControl: "public, max-age=300"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    private static let videosOnPage = 60
    private static let scriptLimit = 8 << 20
    private static let htmlType = "text/html; charset=utf-8"
}
