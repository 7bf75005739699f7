import EdgeServer
import Platform
import Synchronization
import Testing

struct CMCDCountersTests {
    private final class Clock: Sendable {
        let second = Atomic<Int64>(0)
    }

    private let clock = Clock()
    private let counters: CMCDCounters

    init() {
        let clock = clock
        counters = CMCDCounters { clock.second.load(ordering: .relaxed) }
    }

    private var text: String {
        var text = PrometheusText()
        counters.write(to: &text)
        return text.text
    }

    private func value(_ name: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            .flatMap { Double($0.dropFirst(name.count + 1)) }
    }

    @Test func whatPlayersTellIsCounted() {
        counters.note(query: "CMCD=" + CMCDReadingTests.everyKey)
        counters.note(query: "CMCD=ot%3Da%2Cbr%3D128%2Cbl%3D0")
        counters.note(query: "CMCD=br")
        #expect(value("millrace_cmcd_requests_total{object=\"video\"}") == 1)
        #expect(value("millrace_cmcd_requests_total{object=\"audio\"}") == 1)
        #expect(value("millrace_cmcd_requests_total{object=\"unknown\"}") == 1)
        #expect(value("millrace_cmcd_requests_by_format_total{format=\"dash\"}") == 1)
        #expect(value("millrace_cmcd_requests_by_stream_total{stream=\"vod\"}") == 1)
        #expect(value("millrace_cmcd_starvations_total") == 1)
        #expect(value("millrace_cmcd_startups_total") == 1)
        #expect(value("millrace_cmcd_next_object_hints_total") == 1)
        #expect(value("millrace_cmcd_malformed_total") == 1)
        #expect(value("millrace_cmcd_buffer_milliseconds_bucket{le=\"0\"}") == 1)
        #expect(value("millrace_cmcd_buffer_milliseconds_bucket{le=\"20000\"}") == 1)
        #expect(value("millrace_cmcd_buffer_milliseconds_bucket{le=\"30000\"}") == 2)
        #expect(value("millrace_cmcd_buffer_milliseconds_bucket{le=\"+Inf\"}") == 2)
        #expect(value("millrace_cmcd_buffer_milliseconds_sum") == 21_300)
        #expect(value("millrace_cmcd_throughput_kbps_count") == 1)
    }

    @Test func audioDoesNotBlurTheBitrateOfVideo() {
        counters.note(query: "CMCD=ot%3Da%2Cbr%3D128")
        counters.note(query: "CMCD=ot%3Dav%2Cbr%3D3000")
        #expect(value("millrace_cmcd_bitrate_kbps_sum") == 3000)
        #expect(value("millrace_cmcd_bitrate_kbps_bucket{le=\"3000\"}") == 1)
        #expect(value("millrace_cmcd_bitrate_kbps_bucket{le=\"2000\"}") == 0)
    }

    @Test func aRequestWithoutCMCDIsNotCounted() {
        #expect(counters.note(query: nil) == nil)
        #expect(counters.note(query: "a=1", header: { _ in nil }) == nil)
        #expect(value("millrace_cmcd_requests_total{object=\"unknown\"}") == 0)
    }

    @Test func fieldsAreReadWhereTheQueryHasNone() {
        let fields = ["cmcd-session": "sf=h", "cmcd-request": "su"]
        let data = counters.note(query: "a=1") { fields[$0] }
        #expect(data?.isStartup == true)
        #expect(value("millrace_cmcd_requests_by_format_total{format=\"hls\"}") == 1)
    }

    @Test(arguments: [1, 10, 500, 20_000])
    func sessionsOfTheLastMinuteAreEstimated(_ count: Int) throws {
        for number in 0..<count {
            for _ in 0..<2 { counters.note(query: "CMCD=sid%3D%22viewer-\(number)%22") }
        }
        #expect(value("millrace_cmcd_sessions") == 0)
        clock.second.store(60, ordering: .relaxed)
        // Five standard errors, for the hashes differ from run to run.
        let estimate = try #require(value("millrace_cmcd_sessions"))
        #expect(abs(estimate - Double(count)) <= max(1, Double(count) * 0.165), "\(estimate)")
        clock.second.store(180, ordering: .relaxed)
        #expect(value("millrace_cmcd_sessions") == 0)
    }
}
