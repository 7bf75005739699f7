import Platform
import Testing

struct MetricsTests {
    @Test func anObservationFallsIntoTheFirstBucketThatHoldsIt() {
        let histogram = LatencyHistogram()
        histogram.observe(nanoseconds: 0)
        histogram.observe(nanoseconds: 65_535)
        histogram.observe(nanoseconds: 65_536)
        histogram.observe(nanoseconds: .max)
        let (bounds, total) = histogram.cumulative
        #expect(bounds[0].count == 2)
        #expect(bounds[1].count == 3)
        #expect(bounds.last?.count == 3)
        #expect(total == 4)
    }

    @Test func rowsOfANameStandUnderOneHead() {
        var text = PrometheusText()
        text.counter(
            "millrace_requests_total",
            help: "Requests.",
            [([("kind", "a\"b")], 3), ([], 4)]
        )
        #expect(
            text.text == """
                # HELP millrace_requests_total Requests.
                # TYPE millrace_requests_total counter
                millrace_requests_total{kind="a\\"b"} 3
                millrace_requests_total 4

                """
        )
    }

    @Test func histogramsCountUpToInfinity() {
        let histogram = LatencyHistogram()
        histogram.observe(nanoseconds: 1_000_000_000)
        var text = PrometheusText()
        text.histogram("t", help: "Time.", [([], histogram)])
        #expect(text.text.contains("t_bucket{le=\"+Inf\"} 1\n"))
        #expect(text.text.contains("t_sum 1.0\n"))
    }
}
