import Hummingbird

/// The operator's listener: health, metrics and status.
///
/// Never part of a public listener.
struct AdminRoutes {
    let status: OriginStatus

    func add(to router: Router<some RequestContext>) {
        router.get("/healthz") { _, _ in Response.text("ok\n", type: "text/plain") }
        router.get("/readyz") { _, _ in
            let problems = await status.problems()
            return problems.isEmpty
                ? Response.text("ready\n", type: "text/plain")
                : Response.text(
                    problems.map { $0 + "\n" }.joined(),
                    type: "text/plain",
                    status: .serviceUnavailable
                )
        }
        router.get("/metrics") { _, _ in
            Response.text(status.metrics(), type: "text/plain; version=0.0.4")
        }
        router.get("/status") { _, _ in Response.json(status.json()) }
    }
}
