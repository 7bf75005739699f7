import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#endif

/// One connection to the stand-in: one request after another, some of them held.
///
/// Used on its event loop only.
final class StandInConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let state: StandInState
    private var input = ByteBuffer()
    private var isBusy = false
    private var bodyBytesToSkip = 0
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?

    init(state: StandInState) {
        self.state = state
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        input.writeBuffer(&bytes)
        guard input.readableBytes <= StandInLimits.headSizeBytes + StandInLimits.bodySizeBytes
        else {
            return context.close(promise: nil)
        }
        readRequests()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func readRequests() {
        while !isBusy, let context {
            let skipped = min(bodyBytesToSkip, input.readableBytes)
            input.moveReaderIndex(forwardBy: skipped)
            bodyBytesToSkip -= skipped
            guard bodyBytesToSkip == 0,
                let size = ResponseReader.headSize(input.readableBytesUInt8Span)
            else { break }
            guard let head = input.readString(length: size),
                let request = StandInRequest(head: head),
                request.contentLength <= StandInLimits.bodySizeBytes
            else { return context.close(promise: nil) }
            bodyBytesToSkip = request.contentLength
            serve(request)
        }
        if input.readableBytes == 0 { input = ByteBuffer() }
    }

    private func serve(_ request: StandInRequest) {
        if state.isControl(request) {
            return send(state.control(request), request, fault: nil)
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return send(
                .text(405, #"{"error":{"code":"method_not_allowed"}}"#),
                request,
                fault: nil
            )
        }
        let fault = state.count(request)
        switch fault?.kind {
        case .status:
            send(.text(fault?.value ?? 500, #"{"error":{"code":"fault"}}"#), request, fault: nil)
        case .delay:
            isBusy = true
            let late = NIODeadline.now() + .milliseconds(Int64(fault?.value ?? 0))
            schedule(late) { $0.decide(request, fault: nil, hasWaited: false) }
        default:
            decide(request, fault: fault, hasWaited: false)
        }
    }

    private func decide(_ request: StandInRequest, fault: StandInFault?, hasWaited: Bool) {
        let now = NIODeadline.now()
        switch state.decide(request, now: now, hasWaited: hasWaited) {
        case .answer(let answer):
            send(answer, request, fault: fault)
        case .wait(let position):
            isBusy = true
            let due = state.time(of: position)
            guard due - now <= state.longestHold else {
                return schedule(now + state.longestHold) { connection in
                    let answer = StandInAnswer.text(503, #"{"error":{"code":"held_too_long"}}"#)
                    connection.send(answer, request, fault: fault)
                }
            }
            schedule(due) { $0.decide(request, fault: fault, hasWaited: false) }
        }
    }

    private func schedule(
        _ time: NIODeadline,
        _ body: @escaping @Sendable (StandInConnection) -> Void
    ) {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: time) { body(bound.value) }
    }

    // MARK: - Answers

    private func send(_ answer: StandInAnswer, _ request: StandInRequest, fault: StandInFault?) {
        isBusy = false
        guard let context else { return }
        var (answer, contentRange) = answer.applied(to: request)
        let size = answer.body.readableBytes
        if fault?.kind == .flip, size > 0 {
            let index = answer.body.readerIndex + size / 2
            let byte = answer.body.getInteger(at: index, as: UInt8.self) ?? 0
            answer.body.setInteger(~byte, at: index)
        }
        let extra = fault?.kind == .wrongLength ? fault?.value ?? 0 : 0
        let keepsAlive = request.keepsAlive && fault?.kind != .wrongLength
        let head = answer.head(
            contentRange: contentRange,
            contentLength: max(size + extra, 0),
            keepsAlive: keepsAlive
        )
        context.write(wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
        let breaksOff = [.halfClose, .reset, .stall].contains(fault?.kind)
        if request.method == "HEAD" {
            context.flush()
        } else if breaksOff, let half = answer.body.readSlice(length: size / 2) {
            breakOff(context, after: half, fault?.kind)
            return
        } else {
            context.writeAndFlush(wrapOutboundOut(answer.body), promise: nil)
        }
        if !keepsAlive {
            isBusy = true
            context.close(mode: .output, promise: nil)
        } else if bodyBytesToSkip > 0 || input.readableBytes > 0 {
            // Not from inside itself: a pipelined crowd must not grow the stack.
            schedule(.now()) { $0.readRequests() }
        }
    }

    private func breakOff(
        _ context: ChannelHandlerContext,
        after half: ByteBuffer,
        _ kind: StandInFault.Kind?
    ) {
        isBusy = true
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess {
            switch kind {
            case .halfClose:
                bound.value.close(mode: .output, promise: nil)
            case .reset:
                // No lingering: the kernel drops what is unsent and resets.
                let options = bound.value.channel as? any SocketOptionProvider
                _ = options?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                bound.value.close(promise: nil)
            default:
                break
            }
        }
        context.writeAndFlush(wrapOutboundOut(half), promise: written)
    }
}
