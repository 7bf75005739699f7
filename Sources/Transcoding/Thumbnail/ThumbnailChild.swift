import Glibc

/// The process that decodes key frames: started by `ThumbnailWorker`, it answers one request after
/// the other until its parent is gone.
///
/// Whatever a hostile encoder's frame does to libav, it does it here.
package enum ThumbnailChild {
    /// Answers on standard output what comes on standard input.
    ///
    /// - Returns: the exit code of the process.
    package static func main() -> Int32 {
        ChildLimits.applyToThumbnails()
        LibAV.prepare(allocationBytes: ThumbnailLimits.allocationBytes)
        var message = ThumbnailMessage(limitBytes: ThumbnailLimits.requestBytes)
        var buffer = [UInt8](repeating: 0, count: bufferBytes)
        while true {
            let count = unsafe read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return EXIT_FAILURE }
            guard count > 0 else { return EXIT_SUCCESS }
            do throws(TranscodingError) {
                guard let media = try message.receive(Array(buffer[..<count])) else { continue }
                ChildLimits.allowCPU(seconds: ThumbnailLimits.cpuSeconds)
                guard answer(picture(of: media)) else { return EXIT_FAILURE }
            } catch {
                return EXIT_FAILURE
            }
        }
    }

    private static let bufferBytes = 256 << 10

    private static func picture(of media: [UInt8]) -> [UInt8] {
        do throws(TranscodingError) {
            let frame = try KeyFrameDecoder.firstPicture(of: media)
            let picture = try JPEGEncoder.encode(try frame.scaled())
            return picture.count <= ThumbnailLimits.pictureBytes ? picture : []
        } catch {
            return []
        }
    }

    /// A parent that is gone ends this process by SIGPIPE.
    private static func answer(_ body: [UInt8]) -> Bool {
        let bytes = ThumbnailMessage.framed(body)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe write(
                    STDOUT_FILENO,
                    bytes.baseAddress?.advanced(by: done),
                    bytes.count - done
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}
