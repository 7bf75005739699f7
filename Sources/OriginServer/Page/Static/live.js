"use strict";

// Plays a live stream: hls.js in its low-latency mode where an address of it is configured, the
// browser's own HLS otherwise. Near the edge it plays the live playlist; further back, the rewind
// window's. It waits for a stream that is not there yet, and for one whose encoder comes back.

const facts = JSON.parse(document.getElementById("stream").textContent);
const video = document.querySelector(".stage video");
const notice = document.querySelector(".stage .notice");
const goLive = document.getElementById("go-live");
const rewind = document.getElementById("rewind");
const behind = document.getElementById("behind");
const choices = { quality: document.getElementById("quality"), audio: document.getElementById("audio") };

const STATUS_MS = 3000;
// What lies closer to the edge is played from the live playlist.
const LIVE_PLAYLIST_SECONDS = 30;
const LIVE_SECONDS = 6;

// Keeps low-latency play at the server's hold-back: a little faster while behind it, further back
// after a stall, nearer again while all goes well.
class Pace {
    static MOST_RATE = 1.06;
    static NEAR_SECONDS = 0.05;
    static STALL_SECONDS = 0.2;
    static MOST_EXTRA_SECONDS = 3;
    static FORGIVEN_EACH_MS = 20000;
    static FORGIVEN_SECONDS = 0.1;

    constructor() {
        this.extra = 0;
        this.changed = 0;
        this.isPlaying = false;
    }

    // The player has run dry, or (by a seek) just begins somewhere else.
    waits() {
        if (this.isPlaying && !video.seeking) {
            this.extra = Math.min(this.extra + Pace.STALL_SECONDS, Pace.MOST_EXTRA_SECONDS);
            this.changed = performance.now();
        }
        this.isPlaying = false;
    }

    plays() {
        this.isPlaying = true;
    }

    // The rate to play at now.
    rate(player) {
        const details = player.latestLevelDetails;
        if (!details?.partTarget || !details.live || !this.isPlaying) return 1;
        if (this.extra > 0 && performance.now() - this.changed > Pace.FORGIVEN_EACH_MS) {
            this.extra = Math.max(0, this.extra - Pace.FORGIVEN_SECONDS);
            this.changed = performance.now();
        }
        const late = player.latency - details.partHoldBack - this.extra;
        const ranges = video.buffered;
        const ahead = ranges.length ? ranges.end(ranges.length - 1) - video.currentTime : 0;
        // What is buffered must outlast the wait for the next part.
        if (late < Pace.NEAR_SECONDS || ahead < 1.5 * details.partTarget + this.extra) return 1;
        return Math.min(Pace.MOST_RATE, 1 + late / 5);
    }
}

let Hls = null;
let pace = new Pace();
let player = null;
let status = null;
let source = null;
let isSeeking = false;

function say(text) {
    notice.textContent = text;
    notice.hidden = !text;
}

function fill(select, options, chosen) {
    select.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
    select.value = chosen;
    select.closest("label").hidden = options.length < 2;
}

function clock(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    if (!parts[0]) parts.shift();
    return parts.map((part, index) => (index ? String(part).padStart(2, "0") : part)).join(":");
}

// Seconds behind the encoder's clock; what the browser does not know is measured at the buffer's end.
function latency() {
    // Before the first picture the player has not yet gone to where it will play from.
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.seeking) return NaN;
    if (player?.playingDate) return (Date.now() - player.playingDate.getTime()) / 1000;
    const start = video.getStartDate?.().getTime();
    if (start) return (Date.now() - start) / 1000 - video.currentTime;
    return video.seekable.length ? video.seekable.end(video.seekable.length - 1) - video.currentTime : NaN;
}

function startHls(address, secondsBack) {
    player?.destroy();
    player = new Hls({
        lowLatencyMode: true,
        enableWorker: true,
        backBufferLength: 30,
        // Pace does both: hls.js speeds up only with a second buffered, which is more than the
        // whole delay of short parts, and a single stall costs a second of delay for good.
        maxLiveSyncPlaybackRate: 1,
        liveSyncOnStallIncrease: 0,
        liveMaxLatencyDuration: undefined,
        startPosition: -1,
    });
    pace = new Pace();
    let recoveries = 0;
    player.on(Hls.Events.MANIFEST_PARSED, () => {
        const levels = player.levels.map((level, index) => [String(index), `${Math.min(level.width, level.height)}p`]);
        fill(choices.quality, [["-1", "Auto"], ...levels], "-1");
        video.play().catch(() => {});
    });
    player.on(Hls.Events.AUDIO_TRACKS_UPDATED, () => {
        fill(choices.audio, player.audioTracks.map((track, index) => [String(index), track.name]), String(Math.max(player.audioTrack, 0)));
    });
    let wanted = secondsBack;
    player.on(Hls.Events.LEVEL_LOADED, (_, data) => {
        say("");
        video.dataset.lowLatency = String(Boolean(data.details.partTarget));
        if (wanted > 0) video.currentTime = Math.max(data.details.fragmentStart, data.details.edge - wanted);
        wanted = 0;
    });
    player.on(Hls.Events.ERROR, (_, data) => {
        if (!data.fatal) return;
        if (data.type === Hls.ErrorTypes.MEDIA_ERROR && recoveries++ < 5) return player.recoverMediaError();
        stop();
        say("The stream cannot be had at the moment.");
    });
    choices.quality.onchange = () => { player.nextLevel = Number(choices.quality.value); };
    choices.audio.onchange = () => { player.audioTrack = Number(choices.audio.value); };
    player.loadSource(address);
    player.attachMedia(video);
    video.dataset.player = "hls.js";
    window.millracePlayer = player;
}

function startNatively(address, secondsBack) {
    video.src = address;
    video.dataset.player = "native";
    video.addEventListener("loadedmetadata", () => {
        say("");
        if (secondsBack > 0 && video.seekable.length) {
            video.currentTime = Math.max(video.seekable.start(0), video.seekable.end(0) - secondsBack);
        }
        video.play().catch(() => {});
    }, { once: true });
}

function stop() {
    player?.destroy();
    player = null;
    source = null;
    video.removeAttribute("src");
}

function play(address, secondsBack = 0) {
    source = address;
    if (Hls) startHls(address, secondsBack);
    else startNatively(address, secondsBack);
}

function playBack(seconds) {
    const address = seconds > LIVE_PLAYLIST_SECONDS ? facts.rewind : facts.hls;
    if (source !== address) return play(address, seconds);
    const end = player?.liveSyncPosition ?? (video.seekable.length ? video.seekable.end(video.seekable.length - 1) : NaN);
    if (Number.isFinite(end)) video.currentTime = Math.max(0, end - seconds);
}

function showTime() {
    const seconds = latency();
    const isKnown = source && Number.isFinite(seconds);
    const isLive = isKnown && source === facts.hls && seconds < Math.max(LIVE_SECONDS, (player?.targetLatency ?? 0) * 2);
    goLive.dataset.live = isLive ? "yes" : "no";
    goLive.disabled = !source || isLive;
    behind.textContent = !isKnown ? "" : seconds < 60 ? `${Math.max(0, seconds).toFixed(1)} s behind` : `${clock(seconds)} behind`;
    video.dataset.latency = isKnown ? seconds.toFixed(3) : "";
    if (player) video.playbackRate = isLive ? pace.rate(player) : 1;
    if (isKnown && !isSeeking) rewind.value = String(Number(rewind.max) - Math.round(isLive ? 0 : seconds));
}

function showStatus() {
    const window = Math.floor(status?.rewind_seconds ?? 0);
    rewind.hidden = window < 10;
    rewind.max = String(window);
    const text = [];
    const picture = status?.tracks?.find((track) => track.height);
    if (picture) text.push(`${picture.height}p`);
    if (status?.phase === "waiting") text.push("the encoder is away");
    if (status?.viewers > 0) text.push(`${status.viewers} watching`);
    document.getElementById("facts").textContent = text.join(" · ");
}

async function update() {
    let answer = null;
    try {
        answer = await fetch(facts.status, { cache: "no-store" });
    } catch {
        return;
    }
    status = answer.ok ? await answer.json() : null;
    showStatus();
    if (!status) {
        if (!source) say("Nobody is live here now. This page begins to play when somebody is.");
        return;
    }
    if (status.phase === "ended") {
        const recording = status.recording;
        if (!source || video.ended || player?.latestLevelDetails?.live === false) {
            say("The stream has ended.");
            if (recording) notice.append(" ", Object.assign(document.createElement("a"), { href: `/watch/${recording}`, textContent: "Watch the recording." }));
        }
        return;
    }
    if (!source) play(facts.hls);
}

goLive.onclick = () => {
    if (source !== facts.hls) play(facts.hls);
    else playBack(0);
    video.play().catch(() => {});
};
rewind.oninput = () => {
    isSeeking = true;
    behind.textContent = `${clock(Number(rewind.max) - Number(rewind.value))} behind`;
};
rewind.onchange = () => {
    isSeeking = false;
    playBack(Number(rewind.max) - Number(rewind.value));
};
video.addEventListener("waiting", () => pace.waits());
video.addEventListener("playing", () => pace.plays());
video.addEventListener("error", () => {
    if (video.dataset.player === "native" && source) stop();
});

async function start() {
    if (facts.hlsScript && window.MediaSource) {
        try {
            const found = await loadHls(facts.hlsScript);
            if (found?.isSupported()) Hls = found;
        } catch (error) {
            console.warn("hls.js could not be loaded", error);
        }
    }
    if (!Hls && !video.canPlayType("application/vnd.apple.mpegurl")) {
        say("This browser does not play HLS by itself. Set page.hls_js in origin.yaml to an address of hls.js.");
        return;
    }
    setInterval(showTime, 250);
    setInterval(update, STATUS_MS);
    await update();
}

start();
