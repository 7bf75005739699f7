/// Writes one planned segment from the bytes of its samples.
struct TransportMultiplex: PlanTransform {
    /// Name for errors.
    let source: String
    /// PAT and PMT, a packet each.
    let tables: [UInt8]
    let units: [TransportUnit]
    let slices: [InputLayout.Slice]
    let video: VideoFraming?
    let audio: AudioFraming?
    let inputSizeBytes: Int
    let outputSizeBytes: Int

    init(
        source: String,
        tables: [UInt8],
        schedule: TransportSchedule,
        slices: [InputLayout.Slice],
        video: VideoFraming?,
        audio: AudioFraming?,
        inputSizeBytes: Int
    ) {
        self.source = source
        self.tables = tables
        self.units = schedule.units
        self.slices = slices
        self.video = video
        self.audio = audio
        self.inputSizeBytes = inputSizeBytes
        self.outputSizeBytes =
            tables.count + schedule.packetCount * PacketWriter.packetSizeBytes
    }

    /// The PID that carries the PCR.
    var clockPID: UInt16 { video == nil ? ProgramTables.audioPID : ProgramTables.videoPID }
}
