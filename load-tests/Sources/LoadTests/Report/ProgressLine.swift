/// The newest second in one line.
package enum ProgressLine {
    package static func text(_ sample: Sample) -> String {
        func field(_ value: String, _ width: Int) -> String { Figures.padded(value, width) }
        var text = field(String(Int(sample.seconds.rounded())), 5) + " s"
        text += field(String(sample.viewers), 7) + " viewers"
        text += field(Figures.scaled(sample.requestsPerSecond), 9) + " req/s"
        text += field(Figures.short(sample.bitsPerSecond / 1e9), 7) + " Gbit/s"
        text += "  p50" + field(Figures.short(sample.p50), 6)
        text += "  p99" + field(Figures.short(sample.p99), 6) + " ms"
        text += field(String(sample.errors), 5) + " errors"
        text += field(String(sample.rebuffers), 5) + " rebuffers"
        for (name, process) in sample.processes.sorted(by: { $0.key < $1.key }) {
            text += "  \(name) \(Figures.short(process.cpuPercent)) % "
            text += "\(Figures.short(process.residentMegabytes)) MB"
        }
        return text
    }
}
